package io.fluxcore.application;

import java.time.Duration;
import java.util.List;

/**
 * The life of a server's jobs beyond that of the server: what its host calls at the start, every
 * now and then, and at the end. Thread-safe.
 */
public interface JobRecovery {
  /**
   * Goes on with the jobs of the store that no server runs, from their last checkpoints. Jobs that
   * hold code wait until their application submits it. Returns soon: see {@link #isRecovered}.
   *
   * <p>A job that cannot be gone on with keeps others from nothing: its history says why, and it is
   * tried again at the next start.
   */
  void recover();

  /** Whether each job that {@link #recover} went on with has run, or has failed to. */
  boolean isRecovered();

  /**
   * Waits until that is so.
   *
   * @return whether it is
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  boolean awaitRecovery(Duration timeout) throws InterruptedException;

  /**
   * To be called several times within a lease: keeps the jobs that this server has, ends those that
   * it has lost, and takes on those whose server does not answer any more.
   */
  void keepUp();

  /**
   * Ends the runs of all jobs with their state, so that they go on when a server runs again. Jobs
   * whose runs do not end in time are cut off: they will go on from their last checkpoints.
   *
   * @return names of the jobs that were cut off
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  List<String> release(Duration timeout) throws InterruptedException;
}
