package io.fluxcore.infrastructure.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one job in one registry. For one thread. */
final class JobMeterRegistration {
  private final MeterRegistry registry;
  private final JobReading job;
  private final List<Meter> meters = new ArrayList<>();
  private final Set<String> operators = new HashSet<>();

  JobMeterRegistration(MeterRegistry registry, JobReading job) {
    this.registry = registry;
    this.job = job;
    Tags tags = Tags.of("job", job.name());
    gauge("fluxcore.job.running", null, "1 while the job runs", tags, JobReading::running);
    counter("fluxcore.job.alerts", "Alerts raised", tags, JobReading::alerts);
    counter("fluxcore.job.restarts", "Starts after a failure", tags, JobReading::restarts);
    counter(
        "fluxcore.job.checkpoints",
        "Checkpoints, by result",
        tags.and("result", "completed"),
        JobReading::checkpoints);
    counter(
        "fluxcore.job.checkpoints",
        "Checkpoints, by result",
        tags.and("result", "failed"),
        JobReading::failedCheckpoints);
    meters.add(
        FunctionTimer.builder(
                "fluxcore.job.checkpoint.duration",
                job,
                JobReading::timedCheckpoints,
                JobReading::checkpointNanos,
                TimeUnit.NANOSECONDS)
            .description("Time that completed checkpoints took")
            .tags(tags)
            .register(registry));
    gauge(
        "fluxcore.job.checkpoint.size",
        "bytes",
        "Size of the last checkpoint",
        tags,
        JobReading::lastCheckpointBytes);
    gauge(
        "fluxcore.job.checkpoint.last",
        "seconds",
        "When the last checkpoint was completed, since the epoch",
        tags,
        JobReading::lastCheckpointTime);
    latency(tags.and("quantile", "0.5"), JobReading::latencyMedian);
    latency(tags.and("quantile", "0.99"), JobReading::latency99);
    latency(tags.and("quantile", "1"), JobReading::latencyMax);
  }

  /** Adds the meters of operators that were not there before. */
  void addOperators() {
    job.operators()
        .forEach(
            (id, operator) -> {
              if (operators.add(id)) {
                add(operator, Tags.of("job", job.name(), "operator", id));
              }
            });
  }

  /** Takes the meters out of the registry. */
  void remove() {
    meters.forEach(registry::remove);
    meters.clear();
  }

  private void add(OperatorReading operator, Tags tags) {
    for (Account account : Account.values()) {
      meters.add(
          FunctionCounter.builder(account.meterName(), operator, o -> o.count(account))
              .baseUnit(account.unit())
              .description(account.description())
              .tags(tags.and(account.tags()))
              .register(registry));
    }
    gauge(
        operator,
        "fluxcore.operator.busy.ratio",
        "Share of the time that the busiest subtask works",
        tags,
        OperatorReading::busyRatio);
    gauge(
        operator,
        "fluxcore.operator.backpressured.ratio",
        "Share of the time that the worst subtask waits to send",
        tags,
        OperatorReading::backPressuredRatio);
    gauge(
        operator,
        "fluxcore.operator.idle.ratio",
        "Share of the time that the most idle subtask waits for input",
        tags,
        OperatorReading::idleRatio);
    gauge(
        operator,
        "fluxcore.operator.held.ratio",
        "Share of the time that a source waits for others of its alignment group",
        tags,
        OperatorReading::heldRatio);
    gauge(
        operator,
        "fluxcore.operator.lag.records",
        "Records that lie outside a source and have not been read",
        tags,
        OperatorReading::lagRecords);
    gauge(
        operator,
        "fluxcore.operator.lost.records",
        "Records that are known to have been lost before a source could read them, or that clients"
            + " of a sink missed, since it was last started",
        tags,
        OperatorReading::lostRecords);
    gauge(
        operator,
        "fluxcore.operator.state.entries",
        "Values, elements and entries of states of a process function",
        tags,
        OperatorReading::stateEntries);
    gauge(
        operator,
        "fluxcore.operator.timers.pending",
        "Timers that are set",
        tags,
        OperatorReading::pendingTimers);
    counter(
        operator,
        "fluxcore.operator.state.expired",
        "entries",
        "State removed because its time-to-live was over",
        tags,
        OperatorReading::expired);
    counter(
        operator,
        "fluxcore.operator.state.expired.size",
        "bytes",
        "Bytes of state removed because its time-to-live was over, about",
        tags,
        OperatorReading::expiredBytes);
    counter(
        operator,
        "fluxcore.operator.lookup.hits",
        "rows",
        "Rows of a lookup join whose answer was remembered, or under way already",
        tags,
        OperatorReading::lookupHits);
    counter(
        operator,
        "fluxcore.operator.lookup.misses",
        "keys",
        "Keys that a lookup join asked for",
        tags,
        OperatorReading::lookupMisses);
    counter(
        operator,
        "fluxcore.operator.lookup.calls",
        "calls",
        "Calls of a lookup join, further attempts counted",
        tags,
        OperatorReading::lookupCalls);
    counter(
        operator,
        "fluxcore.operator.lookup.failed",
        "calls",
        "Calls of a lookup join that failed, or were not answered in time",
        tags,
        OperatorReading::failedLookupCalls);
    gauge(
        operator,
        "fluxcore.operator.lookup.waiting",
        "Rows that wait for answers",
        tags,
        OperatorReading::lookupWaiting);
    gauge(
        operator,
        "fluxcore.operator.lookup.cached",
        "Keys whose answers are remembered",
        tags,
        OperatorReading::lookupCached);
    gauge(
        operator, "fluxcore.operator.subtasks", "Parallel copies", tags, OperatorReading::subtasks);
    meters.add(
        Gauge.builder("fluxcore.operator.state", operator, OperatorReading::stateBytes)
            .baseUnit("bytes")
            .description("Keyed state of all subtasks, about")
            .tags(tags)
            .register(registry));
    meters.add(
        Gauge.builder("fluxcore.operator.watermark.lag", operator, OperatorReading::watermarkLag)
            .baseUnit("seconds")
            .description("How far event time is behind; NaN where there is no watermark")
            .tags(tags)
            .register(registry));
  }

  private void counter(
      OperatorReading operator,
      String name,
      String unit,
      String description,
      Tags tags,
      ToDoubleFunction<OperatorReading> value) {
    meters.add(
        FunctionCounter.builder(name, operator, value)
            .baseUnit(unit)
            .description(description)
            .tags(tags)
            .register(registry));
  }

  private void gauge(
      OperatorReading operator,
      String name,
      String description,
      Tags tags,
      ToDoubleFunction<OperatorReading> value) {
    meters.add(
        Gauge.builder(name, operator, value)
            .description(description)
            .tags(tags)
            .register(registry));
  }

  private void latency(Tags tags, ToDoubleFunction<JobReading> value) {
    gauge(
        "fluxcore.job.end.to.end.latency",
        "seconds",
        "From when a source read an event to when a sink took it",
        tags,
        value);
  }

  private void gauge(
      String name,
      @Nullable String unit,
      String description,
      Tags tags,
      ToDoubleFunction<JobReading> value) {
    meters.add(
        Gauge.builder(name, job, value)
            .baseUnit(unit)
            .description(description)
            .tags(tags)
            .register(registry));
  }

  private void counter(
      String name, String description, Tags tags, ToDoubleFunction<JobReading> value) {
    meters.add(
        FunctionCounter.builder(name, job, value)
            .description(description)
            .tags(tags)
            .register(registry));
  }
}
