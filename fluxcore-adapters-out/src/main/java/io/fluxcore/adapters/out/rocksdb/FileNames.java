package io.fluxcore.adapters.out.rocksdb;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of the files of a database that hold for all time: those that it has made begin with an
 * identity of its own, and those that it was restored with keep their names. Thread-safe.
 */
final class FileNames {
  private static final String TABLE = ".sst";

  private final String identity = UUID.randomUUID().toString();
  private final Map<String, String> restored = new ConcurrentHashMap<>();

  /** Whether a file holds entries, and never changes. */
  static boolean isTable(String name) {
    return name.endsWith(TABLE);
  }

  /** The name in the database of a file that has this name for all time. */
  static String local(String shared) {
    return shared.substring(shared.lastIndexOf('.', shared.length() - TABLE.length() - 1) + 1);
  }

  void restored(String local, String shared) {
    restored.put(local, shared);
  }

  /** The name for all time. */
  String shared(String local) {
    return restored.getOrDefault(local, identity + "." + local);
  }
}
