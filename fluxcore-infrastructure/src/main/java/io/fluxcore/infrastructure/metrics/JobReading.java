package io.fluxcore.infrastructure.metrics;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobDetail;
import io.fluxcore.application.JobSummary;
import io.fluxcore.application.runtime.HistogramSummary;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.OperatorMetrics;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the meters of one job show. Written by one thread, read by any.
 *
 * <p>Between the start of an attempt and the time when all its tasks run, counters are being taken
 * over from the checkpoint: part of them is there and part is not. Such readings are not counted.
 */
final class JobReading {
  private final JobId id;
  private final String name;
  private final int maxOperators;
  private final Map<String, OperatorReading> operators = new LinkedHashMap<>();
  private final GrowingCount restarts = new GrowingCount();
  private final GrowingCount alerts = new GrowingCount();
  private final GrowingCount checkpoints = new GrowingCount();
  private final GrowingCount failedCheckpoints = new GrowingCount();
  private long lastCheckpointId = Long.MIN_VALUE;
  private @Nullable Instant endSeen;

  private volatile boolean running;
  private volatile HistogramSummary latency = HistogramSummary.EMPTY;
  private volatile CheckpointTimes times = new CheckpointTimes(0, Duration.ZERO, null);

  /** Checkpoints whose durations are known, and the last of them. */
  private record CheckpointTimes(
      long count, Duration total, JobEvent.@Nullable Checkpointed last) {}

  JobReading(JobSummary job, int maxOperators) {
    this.id = job.id();
    this.name = job.name();
    this.maxOperators = maxOperators;
  }

  String name() {
    return name;
  }

  /** The operators that have meters, by name, in the order of the plan; for the writing thread. */
  Map<String, OperatorReading> operators() {
    return operators;
  }

  /** When the end of the job was first seen, or null. */
  @Nullable Instant endSeen() {
    return endSeen;
  }

  /** Reads the job. */
  void read(FluxCoreService service, Instant now) {
    JobMetrics metrics = service.getMetrics(id);
    JobStatus status = service.getJobStatus(id);
    boolean counted = metrics.runningSince() != null || status.isTerminal();
    for (OperatorMetrics operator : metrics.operators()) {
      OperatorReading reading = operators.get(operator.operatorId());
      if (reading == null && operators.size() < maxOperators) {
        reading = new OperatorReading(operator);
        operators.put(operator.operatorId(), reading);
      }
      if (reading != null) {
        reading.read(operator, counted);
      }
    }
    running = status == JobStatus.RUNNING;
    latency = metrics.endToEndLatency();
    restarts.read(metrics.restarts());
    failedCheckpoints.read(metrics.failedCheckpoints());
    if (metrics.checkpoints() > 0) {
      readCheckpoints(service.getJob(id), metrics.checkpoints());
    }
    if (status.isTerminal() && endSeen == null) {
      endSeen = now;
    }
  }

  private void readCheckpoints(JobDetail job, long completed) {
    checkpoints.read(completed);
    alerts.read(job.history().stream().filter(JobEvent.AlertRaised.class::isInstance).count());
    long count = times.count();
    Duration total = times.total();
    JobEvent.Checkpointed last = times.last();
    for (JobEvent event : job.history()) {
      if (event instanceof JobEvent.Checkpointed checkpoint
          && checkpoint.checkpointId() > lastCheckpointId) {
        lastCheckpointId = checkpoint.checkpointId();
        count++;
        total = total.plus(checkpoint.duration());
        last = checkpoint;
      }
    }
    times = new CheckpointTimes(count, total, last);
  }

  double running() {
    return running ? 1 : 0;
  }

  double alerts() {
    return alerts.value();
  }

  double restarts() {
    return restarts.value();
  }

  double checkpoints() {
    return checkpoints.value();
  }

  double failedCheckpoints() {
    return failedCheckpoints.value();
  }

  long timedCheckpoints() {
    return times.count();
  }

  double checkpointNanos() {
    return times.total().toNanos();
  }

  double lastCheckpointBytes() {
    JobEvent.Checkpointed last = times.last();
    return last == null ? Double.NaN : last.bytes();
  }

  /** Seconds since the epoch, or not a number before the first. */
  double lastCheckpointTime() {
    JobEvent.Checkpointed last = times.last();
    return last == null ? Double.NaN : last.at().toEpochMilli() / 1e3;
  }

  /** Seconds that half of the events take at most, or not a number before the first. */
  double latencyMedian() {
    return latency.count() == 0 ? Double.NaN : latency.p50() / 1e3;
  }

  double latency99() {
    return latency.count() == 0 ? Double.NaN : latency.p99() / 1e3;
  }

  double latencyMax() {
    return latency.count() == 0 ? Double.NaN : latency.max() / 1e3;
  }
}
