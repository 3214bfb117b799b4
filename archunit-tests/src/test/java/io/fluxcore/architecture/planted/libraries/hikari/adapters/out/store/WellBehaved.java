package io.fluxcore.architecture.planted.libraries.hikari.adapters.out.store;

import com.zaxxer.hikari.HikariDataSource;

/** Allowed: a library in its folder. */
final class WellBehaved {
  HikariDataSource library;
}
