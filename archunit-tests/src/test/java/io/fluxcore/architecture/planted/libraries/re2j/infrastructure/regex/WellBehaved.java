package io.fluxcore.architecture.planted.libraries.re2j.infrastructure.regex;

import com.google.re2j.Pattern;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Pattern library;
}
