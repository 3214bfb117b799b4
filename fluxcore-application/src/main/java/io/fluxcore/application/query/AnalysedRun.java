package io.fluxcore.application.query;

import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.planner.PlannedTopology;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.application.runtime.JobStart;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A run that is made to be looked at: nothing that it would write is written.
 *
 * @param planned what has run
 * @param metrics the last reading
 * @param isWhole whether the input was read to its end
 * @param runFor the most that it was let run for
 */
public record AnalysedRun(
    PlannedTopology planned, JobMetrics metrics, boolean isWhole, Duration runFor) {
  private static final SinkConfig READER = SinkConfig.custom(new Reader()).build();

  /** In the place of who reads the rows of a query. */
  public static SinkConfig reader() {
    return READER;
  }

  /**
   * Runs a topology to its end or for a time, and waits for that.
   *
   * @param id that no job has
   * @throws FluxCoreException if it cannot be planned or run, or has failed; of category RESOURCE
   *     if the thread is interrupted, which it then still is
   */
  public static AnalysedRun of(
      StreamTopology topology,
      JobConfig config,
      JobId id,
      Planner planner,
      JobRuntime runtime,
      InstantSource time,
      Duration runFor) {
    JobConfig beside = runtime.complete(RunningQuery.beside(config));
    PlannedTopology planned = planner.planned(topology.withSinks((name, sink) -> READER), beside);
    RunningJob run =
        runtime.start(
            JobStart.fresh(
                planned.plan(),
                id,
                beside,
                new QueryListener(),
                CheckpointStorage.inMemory(time).own(id)));
    try {
      JobEnd end = run.end().get(runFor.toMillis(), TimeUnit.MILLISECONDS);
      if (end.kind() == JobEnd.Kind.FAILED) {
        throw RunningQuery.reason(end, null);
      }
      return new AnalysedRun(planned, run.metrics(), true, runFor);
    } catch (TimeoutException e) {
      JobMetrics metrics = run.metrics(); // while it runs: shares of time are of the last seconds
      run.cancel();
      return new AnalysedRun(planned, metrics, false, runFor);
    } catch (InterruptedException e) {
      run.cancel();
      Thread.currentThread().interrupt();
      throw new FluxCoreException(
          ErrorCategory.RESOURCE,
          List.of(
              Diagnostic.error(
                  "FLX-QUERY-0045", Place.WHOLE, "the run was interrupted", "ask again")),
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a run never completes exceptionally", e);
    }
  }

  /** How far it has come, in a sentence. */
  public String describe() {
    return (isWhole
            ? "Run to the end of its input"
            : "Run for " + DurationText.format(runFor) + ", not to the end of its input")
        + "; nothing was written.";
  }

  /** Takes rows and keeps none. */
  private static final class Reader implements Sink {
    @Override
    public Changes takes() {
      return Changes.retracts(null);
    }

    @Override
    public boolean keepsBatches() {
      return false;
    }

    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      return new SinkWriter() {
        @Override
        public void write(EventBatch batch, RecordFailures failures) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
    }
  }
}
