package io.fluxcore.boot;

import io.fluxcore.adapters.out.rocksdb.RocksDbSettings;
import io.fluxcore.adapters.out.rocksdb.RocksDbStateBackends;
import io.fluxcore.application.connector.SizeText;
import io.fluxcore.application.runtime.StateBackends;
import io.fluxcore.domain.state.StateBackendFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state backends of this process, as far as their libraries are there. Needs no Spring, since
 * the command line has none.
 */
public final class LocalState {
  private static final String PROPERTIES = "fluxcore.state.";

  private LocalState() {}

  /** Whether the library of RocksDB is on the class path. */
  public static boolean hasRocksDb() {
    try {
      Class.forName("org.rocksdb.RocksDB", false, LocalState.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Where state is kept unless said otherwise: in the directory of temporary files. */
  public static Path temporaryDirectory() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "fluxcore-state-" + System.getProperty("user.name"));
  }

  /**
   * The heap, RocksDB where it is there, and others.
   *
   * @param others by name; one of them may be RocksDB
   * @param standard the one of jobs that name none
   */
  public static StateBackends backends(Map<String, StateBackendFactory> others, String standard) {
    Map<String, StateBackendFactory> factories = new HashMap<>();
    factories.put(StateBackends.HEAP, StateBackendFactory.HEAP);
    factories.putAll(others);
    Map<String, String> missing =
        factories.containsKey(RocksDbStateBackends.NAME)
            ? Map.of()
            : Map.of(RocksDbStateBackends.NAME, RocksDbStateBackends.DEPENDENCY);
    return new StateBackends(factories, missing, standard);
  }

  /** As the system properties say that are named like the application's. */
  static StateBackends ofSystemProperties() {
    Map<String, StateBackendFactory> others = new HashMap<>();
    if (hasRocksDb()) {
      others.put(RocksDbStateBackends.NAME, new RocksDbStateBackends(settings()));
    }
    String standard = property("backend");
    return backends(others, standard == null ? StateBackends.HEAP : standard);
  }

  private static RocksDbSettings settings() {
    String directory = property("rocksdb.directory");
    RocksDbSettings usual =
        RocksDbSettings.in(directory == null ? temporaryDirectory() : Path.of(directory));
    return new RocksDbSettings(
        usual.directory(),
        bytes("rocksdb.memory", usual.memoryBytes()),
        bytes("rocksdb.cache", usual.cacheBytes()));
  }

  private static long bytes(String name, long usual) {
    String text = property(name);
    return text == null ? usual : SizeText.parse(text);
  }

  private static @Nullable String property(String name) {
    return System.getProperty(PROPERTIES + name);
  }
}
