package io.fluxcore.architecture.planted.libraries.servlet.adapters.in.rest;

import jakarta.servlet.Filter;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Filter library;
}
