package io.fluxcore.architecture.planted.libraries.binlog.adapters.in.cdc;

import com.github.shyiko.mysql.binlog.BinaryLogClient;

/** Allowed: a library in its folder. */
final class WellBehaved {
  BinaryLogClient library;
}
