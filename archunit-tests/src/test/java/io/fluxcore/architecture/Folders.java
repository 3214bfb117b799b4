package io.fluxcore.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import io.fluxcore.architecture.House.Module;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folders of the adapters: one per connector, save those listed here, which are doors of
 * another kind.
 */
final class Folders {

  /** Folders that are no connectors. Each has doors of its own, which the rules do not count. */
  static final Set<String> NOT_CONNECTORS =
      Set.of(
          "adapters.in.backlog",
          "adapters.in.catalogue",
          "adapters.in.cli",
          "adapters.in.format",
          "adapters.in.jobfile",
          "adapters.in.page",
          "adapters.in.rest",
          "adapters.in.spool",
          "adapters.in.sql",
          "adapters.out.checkpoint",
          "adapters.out.deadletter",
          "adapters.out.format",
          "adapters.out.http",
          "adapters.out.lookup",
          "adapters.out.outside",
          "adapters.out.parts",
          "adapters.out.push",
          "adapters.out.redisstate",
          "adapters.out.rocksdb",
          "adapters.out.s3",
          "adapters.out.store");

  private static final List<Module> ADAPTERS = List.of(Module.ADAPTERS_IN, Module.ADAPTERS_OUT);

  private Folders() {}

  /** The connector folder that a class is in, such as {@code adapters.in.file}, if it is in one. */
  static Optional<String> connectorFolderOf(House house, JavaClass type) {
    String relativePackage = house.relativePackageOf(type);
    return ADAPTERS.stream()
        .map(adapters -> adapters.packageName + ".")
        .filter(relativePackage::startsWith)
        .map(adapters -> adapters + relativePackage.substring(adapters.length()).split("\\.")[0])
        .filter(folder -> !NOT_CONNECTORS.contains(folder))
        .findFirst();
  }

  static DescribedPredicate<JavaClass> areInAConnectorFolder(House house) {
    return DescribedPredicate.describe(
        "are in a connector's folder", type -> connectorFolderOf(house, type).isPresent());
  }
}
