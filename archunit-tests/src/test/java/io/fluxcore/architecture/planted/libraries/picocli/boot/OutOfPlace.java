package io.fluxcore.architecture.planted.libraries.picocli.boot;

import picocli.CommandLine;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  CommandLine library;
}
