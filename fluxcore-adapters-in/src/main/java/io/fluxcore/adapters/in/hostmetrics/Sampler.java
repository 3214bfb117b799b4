package io.fluxcore.adapters.in.hostmetrics;

import io.fluxcore.adapters.in.hostmetrics.HostProbe.Raw;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the machine on a thread of its own, so that a disk or network drive that does not answer
 * never stalls a job. While nobody takes the readings it makes no more: the next one then covers
 * the time between.
 */
final class Sampler implements Runnable {
  private static final System.Logger LOG = System.getLogger(Sampler.class.getName());
  private static final int MOST_WAITING = 16;

  private final HostProbe.Factory probes;
  private final Set<MetricGroup> groups;
  private final Duration interval;
  private final long first;
  private final long last;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Runnable arrived;
  private final Queue<Reading> readings = new ConcurrentLinkedQueue<>();
  private final Set<MetricGroup> failing = EnumSet.noneOf(MetricGroup.class);
  private final Rates rates = new Rates();
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  /**
   * A sampler.
   *
   * @param first number of the first reading
   * @param last number of the last one
   * @param arrived told of every reading, and of a failure
   */
  Sampler(
      HostProbe.Factory probes,
      Set<MetricGroup> groups,
      Duration interval,
      long first,
      long last,
      InstantSource clock,
      LongSupplier nanoTime,
      Runnable arrived) {
    this.probes = probes;
    this.groups = groups;
    this.interval = interval;
    this.first = first;
    this.last = last;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.arrived = arrived;
  }

  /** The next reading, or null if there is none now. */
  @Nullable Reading poll() {
    return readings.poll();
  }

  /** Why there will be no reading any more, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  void close() {
    closed = true;
  }

  @Override
  public void run() {
    try {
      HostProbe probe = probes.create();
      String host = probe.hostName();
      rates.of(read(probe), nanoTime.getAsLong());
      long due = System.nanoTime();
      long number = first;
      while (number <= last && !closed) {
        due += interval.toNanos();
        await(due);
        if (!closed && readings.size() < MOST_WAITING) {
          long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
          readings.add(
              new Reading(number++, micros, host, rates.of(read(probe), nanoTime.getAsLong())));
          arrived.run();
        }
        due = Math.max(due, System.nanoTime() - interval.toNanos());
      }
    } catch (RuntimeException | LinkageError e) {
      failure = e;
      arrived.run();
    }
  }

  private void await(long due) {
    while (!closed && due - System.nanoTime() > 0) {
      LockSupport.parkNanos(this, due - System.nanoTime());
      if (Thread.interrupted() && closed) {
        return;
      }
    }
  }

  private List<Raw> read(HostProbe probe) {
    List<Raw> values = new ArrayList<>();
    for (MetricGroup group : groups) {
      try {
        values.addAll(probe.read(group));
        failing.remove(group);
      } catch (RuntimeException e) {
        if (failing.add(group)) {
          LOG.log(System.Logger.Level.WARNING, "no " + group.word() + " metrics now", e);
        }
      }
    }
    return values;
  }
}
