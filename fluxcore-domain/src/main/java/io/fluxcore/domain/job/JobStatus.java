package io.fluxcore.domain.job;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a job is in its life. {@link #next()} is the one table of legal transitions. */
public enum JobStatus {
  /** Accepted; not started yet. */
  SUBMITTED,
  /** A bound job that waits, after a restart of the server, until its application submits it. */
  WAITING_FOR_CODE,
  /** Tasks are being made, or state is being restored. */
  STARTING,
  RUNNING,
  /**
   * Between two runs: after a failure, while the restart strategy's delay is under way; for an
   * upgrade, a change of parallelism or a restart, while it is stopped with its state; or after the
   * end of its server.
   */
  RESTARTING,
  /** Being stopped with its state, to be resumed. */
  SUSPENDING,
  /** Stopped with its state; nothing runs until it is resumed. */
  SUSPENDED,
  /** An orderly stop is under way. */
  STOPPING,
  /** A cancel is under way. */
  CANCELLING,
  /** All bounded input was processed. */
  FINISHED,
  /** Stopped in order, on request. */
  STOPPED,
  /** Ended at once, on request. */
  CANCELLED,
  /** Ended by a failure that the restart strategy does not go on from. */
  FAILED;

  private static final Map<JobStatus, Set<JobStatus>> TRANSITIONS = transitions();

  private static Map<JobStatus, Set<JobStatus>> transitions() {
    Map<JobStatus, Set<JobStatus>> table = new EnumMap<>(JobStatus.class);
    for (JobStatus status : values()) {
      table.put(status, EnumSet.noneOf(JobStatus.class));
    }
    table.put(SUBMITTED, EnumSet.of(STARTING, WAITING_FOR_CODE, CANCELLED, FAILED));
    table.put(WAITING_FOR_CODE, EnumSet.of(SUBMITTED, CANCELLED));
    table.put(
        STARTING,
        EnumSet.of(
            RUNNING, RESTARTING, SUSPENDING, STOPPING, CANCELLING, WAITING_FOR_CODE, FAILED));
    table.put(
        RUNNING,
        EnumSet.of(
            RESTARTING, SUSPENDING, STOPPING, CANCELLING, WAITING_FOR_CODE, FINISHED, FAILED));
    table.put(
        RESTARTING,
        EnumSet.of(STARTING, SUSPENDING, STOPPING, CANCELLING, WAITING_FOR_CODE, FAILED));
    // A job may come to its end, or fail, while it is being suspended.
    table.put(
        SUSPENDING,
        EnumSet.of(SUSPENDED, RESTARTING, CANCELLING, FINISHED, STOPPED, CANCELLED, FAILED));
    table.put(SUSPENDED, EnumSet.of(STARTING, CANCELLED));
    table.put(
        STOPPING, EnumSet.of(CANCELLING, WAITING_FOR_CODE, STOPPED, FINISHED, CANCELLED, FAILED));
    // A job may end by itself while it is being cancelled.
    table.put(CANCELLING, EnumSet.of(WAITING_FOR_CODE, STOPPED, FINISHED, CANCELLED, FAILED));
    return table;
  }

  /** The statuses that may follow. */
  public Set<JobStatus> next() {
    return Set.copyOf(TRANSITIONS.getOrDefault(this, Set.of()));
  }

  public boolean canBecome(JobStatus status) {
    return TRANSITIONS.getOrDefault(this, Set.of()).contains(status);
  }

  /** Whether the job's life is over. */
  public boolean isTerminal() {
    return next().isEmpty();
  }
}
