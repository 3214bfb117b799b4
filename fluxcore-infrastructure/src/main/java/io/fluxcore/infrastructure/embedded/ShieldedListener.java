package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import java.time.Duration;

/** Passes on what becomes of a job; a listener that fails does the job no harm. */
final class ShieldedListener implements JobListener {
  private static final System.Logger LOG = System.getLogger(ShieldedListener.class.getName());

  private final String job;
  private final JobListener listener;

  ShieldedListener(String job, JobListener listener) {
    this.job = job;
    this.listener = listener;
  }

  private void shield(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the listener of job " + job + " failed", e);
    }
  }

  @Override
  public void running() {
    shield(listener::running);
  }

  @Override
  public void checkpointed(CheckpointSummary checkpoint) {
    shield(() -> listener.checkpointed(checkpoint));
  }

  @Override
  public void checkpointFailed(long checkpointId, String reason) {
    shield(() -> listener.checkpointFailed(checkpointId, reason));
  }

  @Override
  public void breakerTripped(String reason) {
    shield(() -> listener.breakerTripped(reason));
  }

  @Override
  public void arrived() {
    shield(listener::arrived);
  }

  @Override
  public void failed(String operatorId, Throwable failure) {
    shield(() -> listener.failed(operatorId, failure));
  }

  @Override
  public void restarting(Duration delay) {
    shield(() -> listener.restarting(delay));
  }

  @Override
  public void starting() {
    shield(listener::starting);
  }

  @Override
  public void ended(JobEnd end) {
    shield(() -> listener.ended(end));
  }
}
