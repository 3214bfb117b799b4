package io.fluxcore.architecture.planted.libraries.hash4j.infrastructure.embedded;

import com.dynatrace.hash4j.hashing.Hasher64;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Hasher64 library;
}
