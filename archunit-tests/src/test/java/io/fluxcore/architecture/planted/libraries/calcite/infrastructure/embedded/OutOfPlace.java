package io.fluxcore.architecture.planted.libraries.calcite.infrastructure.embedded;

import org.apache.calcite.sql.SqlKind;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  SqlKind library;
}
