package io.fluxcore.infrastructure.metrics;

import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.operator.StateReading;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What the meters of one operator show. Written by one thread, read by any. */
final class OperatorReading {
  private static final double PER_MILLE = 1_000;
  private static final double MILLIS_PER_SECOND = 1_000;

  private final Map<Account, GrowingCount> counts = new EnumMap<>(Account.class);
  private final GrowingCount expired = new GrowingCount();
  private final GrowingCount expiredBytes = new GrowingCount();
  private final GrowingCount lookupHits = new GrowingCount();
  private final GrowingCount lookupMisses = new GrowingCount();
  private final GrowingCount lookupCalls = new GrowingCount();
  private final GrowingCount failedLookupCalls = new GrowingCount();
  private volatile OperatorMetrics now;

  OperatorReading(OperatorMetrics first) {
    this.now = first;
    for (Account account : Account.values()) {
      counts.put(account, new GrowingCount());
    }
  }

  /**
   * A newer reading.
   *
   * @param counted whether its counts are to be believed
   */
  void read(OperatorMetrics metrics, boolean counted) {
    now = metrics;
    if (counted) {
      counts.forEach((account, count) -> count.read(account.of(metrics.counts())));
      List<StateReading.StateSize> states = metrics.state().states();
      lookupHits.read(metrics.lookups().hits() + metrics.lookups().shared());
      lookupMisses.read(metrics.lookups().misses());
      lookupCalls.read(metrics.lookups().calls());
      failedLookupCalls.read(metrics.lookups().failedCalls());
      expired.read(states.stream().mapToLong(StateReading.StateSize::expired).sum());
      expiredBytes.read(states.stream().mapToLong(StateReading.StateSize::expiredBytes).sum());
    }
  }

  double count(Account account) {
    GrowingCount count = counts.get(account);
    return count == null ? 0 : count.value();
  }

  double stateEntries() {
    return now.state().states().stream().mapToLong(StateReading.StateSize::entries).sum();
  }

  double expired() {
    return expired.value();
  }

  double expiredBytes() {
    return expiredBytes.value();
  }

  double lookupHits() {
    return lookupHits.value();
  }

  double lookupMisses() {
    return lookupMisses.value();
  }

  double lookupCalls() {
    return lookupCalls.value();
  }

  double failedLookupCalls() {
    return failedLookupCalls.value();
  }

  double lookupWaiting() {
    return now.lookups().waitingRows();
  }

  double lookupCached() {
    return now.lookups().cachedKeys();
  }

  double pendingTimers() {
    return now.state().pendingTimers();
  }

  double busyRatio() {
    return now.busyPerMille() / PER_MILLE;
  }

  double backPressuredRatio() {
    return now.backPressuredPerMille() / PER_MILLE;
  }

  double idleRatio() {
    return now.idlePerMille() / PER_MILLE;
  }

  double heldRatio() {
    return now.heldPerMille() / PER_MILLE;
  }

  /** Seconds, or not a number where there is no watermark. */
  double watermarkLag() {
    long millis = now.watermarkLagMillis();
    return millis < 0 ? Double.NaN : millis / MILLIS_PER_SECOND;
  }

  /** Records, or not a number where that is not known. */
  double lagRecords() {
    return now.lagRecords() < 0 ? Double.NaN : now.lagRecords();
  }

  /** Records, or not a number where that is not known. */
  double lostRecords() {
    return now.lostRecords() < 0 ? Double.NaN : now.lostRecords();
  }

  double stateBytes() {
    return now.stateBytes();
  }

  double subtasks() {
    return now.subtasks();
  }
}
