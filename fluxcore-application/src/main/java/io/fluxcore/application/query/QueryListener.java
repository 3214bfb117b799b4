package io.fluxcore.application.query;

import io.fluxcore.application.runtime.CheckpointSummary;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Remembers why a run that nobody restarts has failed. Thread-safe. */
final class QueryListener implements JobListener {
  private volatile @Nullable Throwable failure;

  /** Why it has failed, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  @Override
  public void running() {}

  @Override
  public void checkpointed(CheckpointSummary checkpoint) {}

  @Override
  public void checkpointFailed(long checkpointId, String reason) {}

  @Override
  public void failed(String operatorId, Throwable reason) {
    failure = reason;
  }

  @Override
  public void restarting(Duration delay) {}

  @Override
  public void starting() {}

  @Override
  public void ended(JobEnd end) {}
}
