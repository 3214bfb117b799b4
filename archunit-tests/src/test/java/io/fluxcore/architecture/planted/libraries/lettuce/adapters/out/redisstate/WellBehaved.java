package io.fluxcore.architecture.planted.libraries.lettuce.adapters.out.redisstate;

import io.lettuce.core.RedisClient;

/** Allowed: a library in its folder. */
final class WellBehaved {
  RedisClient library;
}
