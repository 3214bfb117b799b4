package io.fluxcore.architecture.planted.libraries.jline.adapters.in.cli;

import org.jline.reader.LineReader;

/** Allowed: a library in its folder. */
final class WellBehaved {
  LineReader library;
}
