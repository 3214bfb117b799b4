package io.fluxcore.architecture.planted.libraries.rocksdb.adapters.out.rocksdb;

import org.rocksdb.RocksDB;

/** Allowed: a library in its folder. */
final class WellBehaved {
  RocksDB library;
}
