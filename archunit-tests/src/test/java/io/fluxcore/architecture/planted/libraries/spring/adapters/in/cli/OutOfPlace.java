package io.fluxcore.architecture.planted.libraries.spring.adapters.in.cli;

import org.springframework.core.Ordered;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Ordered library;
}
