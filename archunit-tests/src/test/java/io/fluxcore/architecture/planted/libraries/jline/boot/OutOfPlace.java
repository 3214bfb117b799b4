package io.fluxcore.architecture.planted.libraries.jline.boot;

import org.jline.reader.LineReader;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  LineReader library;
}
