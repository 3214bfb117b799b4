package io.fluxcore.architecture.planted.libraries.servlet.adapters.in.cli;

import jakarta.servlet.Filter;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Filter library;
}
