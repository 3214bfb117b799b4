package io.fluxcore.architecture.planted.libraries.rocksdb.adapters.out.file;

import org.rocksdb.RocksDB;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  RocksDB library;
}
