package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Member;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.job.ErrorBreaker;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobConfig.Checkpoints;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.operator.ErrorPolicy;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the job's configuration of the part {@code job} of a file. */
final class JobReader {
  private final Mapping job;
  private final Values values;

  JobReader(Mapping job, Values values) {
    this.job = job;
    this.values = values;
  }

  /** The configuration, or null with problems told. */
  @Nullable JobConfig read() {
    int known = values.problems().size();
    JobConfig.Builder builder =
        JobConfig.builder()
            .name(Values.text(job, "name", ""))
            .version(Values.text(job, "version", "1"))
            .maxParallelism(
                Values.integer(job, "maxParallelism", JobConfig.DEFAULT_MAX_PARALLELISM))
            .parallelism(Values.integer(job, "parallelism", 1))
            .batchRows(Values.integer(job, "batchRows", JobConfig.DEFAULT_BATCH_ROWS))
            .linger(values.duration(job, "linger", Duration.ofMillis(5)))
            .watermarkInterval(values.duration(job, "watermarkInterval", Duration.ofMillis(200)))
            .stateBackend(Values.text(job, "stateBackend", JobConfig.DEFAULT_STATE_BACKEND))
            .allowNonRestoredState(Values.flag(job, "allowNonRestoredState"));
    String guarantee = Values.optionalText(job, "deliveryGuarantee");
    if (guarantee != null) {
      builder.deliveryGuarantee(Values.constant(DeliveryGuarantee.class, guarantee));
    }
    ErrorPolicy errors = values.errorPolicy(job);
    if (errors != null) {
      builder.errorPolicy(errors);
    }
    TextNode breaker = job.get("errorBreaker");
    if (breaker instanceof Mapping settings) {
      builder.errorBreaker(values.check(breaker, () -> errorBreaker(settings)));
    }
    Checkpoints checkpoints = checkpoints();
    if (checkpoints != null) {
      builder.checkpoints(checkpoints);
    }
    TextNode restart = job.get("restartStrategy");
    if (restart instanceof Mapping strategies) {
      RestartStrategy strategy = values.check(restart, () -> restartStrategy(strategies));
      if (strategy != null) {
        builder.restartStrategy(strategy);
      }
    }
    return values.problems().size() == known ? values.check(job, builder::build) : null;
  }

  private @Nullable Checkpoints checkpoints() {
    TextNode settings = job.get("checkpoints");
    Member interval = job.members().get("checkpointInterval");
    if (!(settings instanceof Mapping mapping)) {
      return interval == null ? null : checkpoints(interval.value(), job, "checkpointInterval");
    }
    if (interval != null && mapping.get("interval") != null) {
      values
          .problems()
          .add(
              Diagnostic.error(
                  "FLX-JOBFILE-0030",
                  interval.place(),
                  "the interval is given twice: here and in 'checkpoints'",
                  "leave out 'checkpointInterval'"));
    }
    return interval == null
        ? checkpoints(settings, mapping, "interval")
        : checkpoints(interval.value(), job, "checkpointInterval");
  }

  private @Nullable Checkpoints checkpoints(TextNode place, Mapping holder, String word) {
    Mapping settings = job.get("checkpoints") instanceof Mapping mapping ? mapping : holder;
    Duration interval = values.optionalDuration(holder, word);
    Duration timeout = values.duration(settings, "timeout", Checkpoints.NONE.timeout());
    Duration minPause = values.duration(settings, "minPause", Checkpoints.NONE.minPause());
    int tolerated = Values.integer(settings, "toleratedFailures", 0);
    int retained = Values.integer(settings, "retained", Checkpoints.DEFAULT_RETAINED);
    return values.check(
        place, () -> new Checkpoints(interval, timeout, minPause, tolerated, retained));
  }

  private ErrorBreaker errorBreaker(Mapping settings) {
    long failures = Values.integer(settings, "failures", 0);
    return new ErrorBreaker(
        settings.get("failures") == null ? ErrorBreaker.ANY : failures,
        Values.number(settings, "share", 1),
        duration(settings, "window"),
        Values.integer(settings, "rows", 1));
  }

  private RestartStrategy restartStrategy(Mapping strategies) {
    if (strategies.get("fixedDelay") instanceof Mapping fixed) {
      return RestartStrategy.fixedDelay(
          Values.integer(fixed, "attempts", 0), duration(fixed, "delay"));
    }
    if (strategies.get("exponentialBackoff") instanceof Mapping backoff) {
      return new RestartStrategy.ExponentialBackoff(
          duration(backoff, "initial"),
          duration(backoff, "maximum"),
          Values.number(backoff, "factor", 2.0),
          values.duration(backoff, "quiet", Duration.ofHours(1)));
    }
    Mapping rate = Values.mapping(Objects.requireNonNull(strategies.get("failureRate")));
    return RestartStrategy.failureRate(
        Values.integer(rate, "maxFailures", 1),
        duration(rate, "interval"),
        duration(rate, "delay"));
  }

  private Duration duration(Mapping mapping, String key) {
    return values.duration(mapping, key, Duration.ZERO);
  }
}
