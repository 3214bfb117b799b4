package io.fluxcore.application.control;

import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.JobCheckpoints;
import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.LeaseLostException;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The leases by which this server has its jobs: taken, renewed before they run out, given back. A
 * store that does not answer for a while costs no job, unless leases may have run out meanwhile.
 */
final class Leases {
  private static final System.Logger LOG = System.getLogger(Leases.class.getName());

  private final JobStore store;
  private final CheckpointStorage checkpoints;
  private final String server;
  private final Duration length;
  private final LongSupplier nanos;
  private long renewedNanos;

  Leases(JobServices services) {
    this.store = services.store();
    this.checkpoints = services.checkpoints();
    this.server = services.server();
    this.length = services.lease();
    this.nanos = services.nanos();
    this.renewedNanos = nanos.getAsLong();
  }

  /** Whether no other server has the job. */
  boolean isFree(JobEntry entry) {
    return entry.server() == null || entry.server().equals(server);
  }

  /** Takes a job; empty while another server has it. */
  OptionalLong take(JobId id) {
    return store.acquire(id, server);
  }

  /** Takes a job; empty also where the store does not answer. */
  OptionalLong takeIfPossible(JobId id) {
    try {
      return take(id);
    } catch (FluxCoreException e) {
      LOG.log(System.Logger.Level.WARNING, "job " + id + " cannot be had now: " + e.getMessage());
      return OptionalLong.empty();
    }
  }

  /**
   * Takes a job that was free a moment ago.
   *
   * @throws FluxCoreException of category STATE_CONFLICT if another server was faster
   */
  long takeOrRefuse(JobId id) {
    return take(id)
        .orElseThrow(
            () ->
                FluxCoreException.conflict(
                    "FLX-JOB-0006",
                    Place.of("job"),
                    "job " + id + " has just been taken on by another server",
                    "ask that one"));
  }

  /** Gives a job back, now or when the lease runs out. */
  void giveBack(JobId id, long token) {
    try {
      store.release(id, token);
    } catch (FluxCoreException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "job " + id + " is not given back; its lease runs out: " + e.getMessage());
    }
  }

  /**
   * Keeps whoever had the job before from adding to its checkpoints. The lease is looked at after
   * that: a server that was away between the two must not take the checkpoints from its successor.
   */
  JobCheckpoints checkpoints(JobId id, long token) {
    JobCheckpoints own = checkpoints.own(id);
    if (!store.isHeld(id, token)) {
      throw new LeaseLostException(id, token);
    }
    return own;
  }

  /**
   * Makes leases last from now on.
   *
   * @param tokens of the leases, by job
   * @return the jobs that this server still has, as far as it can know
   */
  Set<JobId> renew(Map<JobId, Long> tokens) {
    // Before the call: the lease counts from when the store got it, which is later.
    long asked = nanos.getAsLong();
    try {
      Set<JobId> held = store.renew(tokens);
      renewedNanos = asked;
      return held;
    } catch (FluxCoreException e) {
      boolean over = asked - renewedNanos >= length.toNanos();
      LOG.log(
          System.Logger.Level.WARNING,
          "the leases of jobs cannot be renewed"
              + (over ? " and have run out, so the jobs are ended here: " : ": ")
              + e.getMessage());
      return over ? Set.of() : tokens.keySet();
    }
  }
}
