package io.fluxcore.architecture.planted.libraries.hikari.adapters.out.file;

import com.zaxxer.hikari.HikariDataSource;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  HikariDataSource library;
}
