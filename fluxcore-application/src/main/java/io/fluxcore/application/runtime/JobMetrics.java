package io.fluxcore.application.runtime;

import java.util.List;

/**
 * A reading of a job's metrics.
 *
 * @param operators in the order of the plan
 * @param endToEndLatency milliseconds from when a source read an event to when a sink took it
 * @param restarts how often the job was started again
 * @param checkpoints completed
 * @param failedCheckpoints given up
 */
public record JobMetrics(
    List<OperatorMetrics> operators,
    HistogramSummary endToEndLatency,
    int restarts,
    long checkpoints,
    long failedCheckpoints) {
  /** Of a job that has not run. */
  public static final JobMetrics EMPTY = new JobMetrics(List.of(), HistogramSummary.EMPTY, 0, 0, 0);

  public JobMetrics {
    operators = List.copyOf(operators);
  }
}
