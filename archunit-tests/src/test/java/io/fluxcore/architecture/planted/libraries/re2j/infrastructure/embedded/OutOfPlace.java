package io.fluxcore.architecture.planted.libraries.re2j.infrastructure.embedded;

import com.google.re2j.Pattern;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Pattern library;
}
