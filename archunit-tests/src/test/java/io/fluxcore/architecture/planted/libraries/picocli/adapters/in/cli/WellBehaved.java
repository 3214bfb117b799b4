package io.fluxcore.architecture.planted.libraries.picocli.adapters.in.cli;

import picocli.CommandLine;

/** Allowed: a library in its folder. */
final class WellBehaved {
  CommandLine library;
}
