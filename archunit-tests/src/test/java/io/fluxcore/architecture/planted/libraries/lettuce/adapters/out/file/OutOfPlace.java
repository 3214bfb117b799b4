package io.fluxcore.architecture.planted.libraries.lettuce.adapters.out.file;

import io.lettuce.core.RedisClient;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  RedisClient library;
}
