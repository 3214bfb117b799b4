package io.fluxcore.architecture.planted.libraries.hash4j.infrastructure.sketch;

import com.dynatrace.hash4j.hashing.Hasher64;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Hasher64 library;
}
