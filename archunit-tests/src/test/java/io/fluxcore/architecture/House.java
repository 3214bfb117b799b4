package io.fluxcore.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A tree of packages laid out as the architecture page says, below one base package.
 *
 * <p>The product is the house below {@code io.fluxcore}; every planted violation is a small house
 * of its own below {@code io.fluxcore.architecture.planted}, so that one rule judges both.
 */
record House(String base) {

  static final House PRODUCT = new House("io.fluxcore");

  private static final String PLANTED = "io.fluxcore.architecture.planted";

  private static final Map<House, JavaClasses> IMPORTED = new ConcurrentHashMap<>();

  static House planted(String name) {
    return new House(PLANTED + "." + name);
  }

  /** The classes of this house; of the product, its main classes only. */
  JavaClasses classes() {
    return IMPORTED.computeIfAbsent(this, House::load);
  }

  private static JavaClasses load(House house) {
    ClassFileImporter importer = new ClassFileImporter();
    if (house.equals(PRODUCT)) {
      importer =
          importer
              .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
              .withImportOption(location -> !location.contains("-tests.jar"));
    }
    return importer.importPackages(house.base());
  }

  /** The ArchUnit pattern of everything below a package of this house. */
  String below(String relativePackage) {
    return base + "." + relativePackage + "..";
  }

  String below(Module module) {
    return below(module.packageName);
  }

  String[] below(Set<Module> modules) {
    return modules.stream().map(this::below).toArray(String[]::new);
  }

  /** The package of a class without the base, or the empty string if it is not in this house. */
  String relativePackageOf(JavaClass type) {
    String prefix = base + ".";
    String name = type.getPackageName();
    return name.startsWith(prefix) ? name.substring(prefix.length()) : "";
  }

  /** The product's modules, the folder of each, and which others its main classes may use. */
  enum Module {
    DOMAIN("fluxcore-domain", "domain"),
    APPLICATION("fluxcore-application", "application", DOMAIN),
    ADAPTERS_IN("fluxcore-adapters-in", "adapters.in", APPLICATION, DOMAIN),
    ADAPTERS_OUT("fluxcore-adapters-out", "adapters.out", APPLICATION, DOMAIN),
    INFRASTRUCTURE("fluxcore-infrastructure", "infrastructure", APPLICATION, DOMAIN),
    BOOT("fluxcore-boot", "boot", ADAPTERS_IN, ADAPTERS_OUT, INFRASTRUCTURE, APPLICATION, DOMAIN);

    final String folder;
    final String packageName;
    final Set<Module> mayUse;

    Module(String folder, String packageName, Module... mayUse) {
      this.folder = folder;
      this.packageName = packageName;
      this.mayUse = Set.of(mayUse);
    }

    List<Module> mustNotUse() {
      return Arrays.stream(values())
          .filter(other -> other != this && !mayUse.contains(other))
          .toList();
    }
  }
}
