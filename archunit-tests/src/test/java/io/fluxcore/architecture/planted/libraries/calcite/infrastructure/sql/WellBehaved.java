package io.fluxcore.architecture.planted.libraries.calcite.infrastructure.sql;

import org.apache.calcite.sql.SqlKind;

/** Allowed: a library in its folder. */
final class WellBehaved {
  SqlKind library;
}
