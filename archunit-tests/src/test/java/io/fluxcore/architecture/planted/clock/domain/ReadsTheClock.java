package io.fluxcore.architecture.planted.clock.domain;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.JapaneseDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Planted: every way to read the clock, wait for it, or draw lots. */
final class ReadsTheClock {

  List<Object> now() {
    return List.of(
        System.currentTimeMillis(),
        System.nanoTime(),
        Instant.now(),
        LocalDate.now(),
        LocalDate.now(ZoneOffset.UTC),
        ZonedDateTime.now(),
        Year.now(),
        JapaneseDate.now(),
        new Date());
  }

  List<Object> clocks() {
    return List.of(
        Clock.systemUTC(),
        Clock.systemDefaultZone(),
        Clock.tickSeconds(ZoneOffset.UTC),
        InstantSource.system(),
        ZoneId.systemDefault());
  }

  void waits() throws InterruptedException {
    Thread.sleep(1);
    TimeUnit.SECONDS.sleep(1);
    LockSupport.parkNanos(1);
    synchronized (this) {
      wait(1);
    }
  }

  List<Object> lots() {
    Collections.shuffle(new ArrayList<>(List.of(1)));
    return List.of(
        new Random(),
        new SplittableRandom(),
        new SecureRandom(),
        Math.random(),
        ThreadLocalRandom.current(),
        UUID.randomUUID());
  }
}
