package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.results.ResultSubscription;
import java.time.Duration;

/** Opens readings of results, not too many at the same time. Thread-safe. */
final class Readings {
  private final FluxCoreService service;
  private final JobLookup jobs;
  private final Turns turns;
  private final Duration heartbeat;

  Readings(FluxCoreService service, RestSettings settings) {
    this.service = service;
    this.jobs = new JobLookup(service);
    this.turns = new Turns(settings.maxReadings(), "readings of results");
    this.heartbeat = settings.heartbeat();
  }

  Open open(ReadingRequest request) {
    request.check();
    Turns.Turn turn = turns.take();
    try {
      ResultSubscription results =
          service.subscribe(jobs.find(request.jobName()), request.options());
      return new Open(
          turn, results, new Reading(results, request.rows(), request.timeout(), heartbeat));
    } catch (RuntimeException e) {
      turn.close();
      throw e;
    }
  }

  /** A reading that was opened; whoever opened it closes it. */
  record Open(Turns.Turn turn, ResultSubscription results, Reading reading)
      implements AutoCloseable {
    @Override
    public void close() {
      try {
        results.close();
      } finally {
        turn.close();
      }
    }
  }
}
