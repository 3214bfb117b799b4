package io.fluxcore.architecture.planted.threads.domain;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Allowed: what may be shared between threads without starting or stopping one. */
final class WellBehaved {
  ConcurrentHashMap<String, TimeUnit> map;
  AtomicLong counter;

  long sum(int[] numbers) {
    return Arrays.stream(numbers).sequential().sum();
  }
}
