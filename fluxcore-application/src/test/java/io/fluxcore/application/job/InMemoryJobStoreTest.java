package io.fluxcore.application.job;

import io.fluxcore.application.job.kit.JobStoreContract;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

class InMemoryJobStoreTest extends JobStoreContract {
  /** Goes on by a millisecond each time that it is asked. */
  private final AtomicLong millis = new AtomicLong();

  private final InMemoryJobStore jobs =
      new InMemoryJobStore(
          () -> Instant.ofEpochMilli(millis.incrementAndGet()), Duration.ofHours(1));

  @Override
  protected JobStore store(Duration lease) {
    return jobs.withLease(lease);
  }
}
