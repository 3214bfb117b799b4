package io.fluxcore.application.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reading of a job's metrics.
 *
 * @param operators in the order of the plan
 * @param endToEndLatency milliseconds from when a source read an event to when a sink took it
 * @param restarts how often the job was started again
 * @param checkpoints completed
 * @param failedCheckpoints given up
 * @param runningSince processing time since when all subtasks run; null while they do not
 * @param uptime from there to the reading; zero while they do not run
 * @param rowsInPerSecond that sources read, over the last few seconds
 * @param lastCheckpoint of this run, or null
 */
public record JobMetrics(
    List<OperatorMetrics> operators,
    HistogramSummary endToEndLatency,
    int restarts,
    long checkpoints,
    long failedCheckpoints,
    @Nullable Instant runningSince,
    Duration uptime,
    double rowsInPerSecond,
    @Nullable LastCheckpoint lastCheckpoint) {
  /** Of a job that has not run. */
  public static final JobMetrics EMPTY = new JobMetrics(List.of(), HistogramSummary.EMPTY, 0, 0, 0);

  public JobMetrics {
    operators = List.copyOf(operators);
  }

  /** Of a job that does not run now. */
  public JobMetrics(
      List<OperatorMetrics> operators,
      HistogramSummary endToEndLatency,
      int restarts,
      long checkpoints,
      long failedCheckpoints) {
    this(
        operators,
        endToEndLatency,
        restarts,
        checkpoints,
        failedCheckpoints,
        null,
        Duration.ZERO,
        0,
        null);
  }

  /**
   * The last complete checkpoint.
   *
   * @param at when it was complete, in processing time
   */
  public record LastCheckpoint(Instant at, CheckpointSummary checkpoint) {}

  /**
   * The same with what earlier runs of the job have counted.
   *
   * @param earlier of them all
   */
  public JobMetrics after(JobMetrics earlier) {
    return new JobMetrics(
        operators,
        endToEndLatency,
        earlier.restarts() + restarts,
        earlier.checkpoints() + checkpoints,
        earlier.failedCheckpoints() + failedCheckpoints,
        runningSince,
        uptime,
        rowsInPerSecond,
        lastCheckpoint == null ? earlier.lastCheckpoint() : lastCheckpoint);
  }

  /** Share of the time that the busiest stage works. */
  public int busyPerMille() {
    return operators.stream().mapToInt(OperatorMetrics::busyPerMille).max().orElse(0);
  }

  /** Share of the time that the stage which suffers most waits to send. */
  public int backPressuredPerMille() {
    return operators.stream().mapToInt(OperatorMetrics::backPressuredPerMille).max().orElse(0);
  }

  /** Processing time less the watermark that is furthest behind; -1 where there is none. */
  public long watermarkLagMillis() {
    return operators.stream().mapToLong(OperatorMetrics::watermarkLagMillis).max().orElse(-1);
  }
}
