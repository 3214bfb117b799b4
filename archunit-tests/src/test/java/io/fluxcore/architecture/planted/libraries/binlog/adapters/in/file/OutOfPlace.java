package io.fluxcore.architecture.planted.libraries.binlog.adapters.in.file;

import com.github.shyiko.mysql.binlog.BinaryLogClient;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  BinaryLogClient library;
}
