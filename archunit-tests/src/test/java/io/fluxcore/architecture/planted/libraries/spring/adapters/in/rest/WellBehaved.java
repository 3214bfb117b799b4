package io.fluxcore.architecture.planted.libraries.spring.adapters.in.rest;

import org.springframework.core.Ordered;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Ordered library;
}
