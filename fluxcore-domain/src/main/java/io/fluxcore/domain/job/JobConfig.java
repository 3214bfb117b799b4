package io.fluxcore.domain.job;

import io.fluxcore.domain.operator.ErrorPolicy;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a job is run.
 *
 * @param name unique among the jobs that are not over
 * @param version of its topology; the same name and version attaches to the job that runs already
 * @param parallelism number of subtasks where a node does not say otherwise
 * @param maxParallelism number of key groups, fixed for the job's life
 * @param checkpoints when and how state is made safe
 * @param restartStrategy what follows a failure
 * @param errors what happens to rows that cannot be processed where a node does not say otherwise
 * @param batchRows rows that a batch aims at
 * @param linger how long a batch that is not full may wait for more rows
 * @param watermarkInterval from one watermark to the next, in processing time
 * @param stateBackend name of the state backend; {@link #DEFAULT_STATE_BACKEND} leaves it to where
 *     the job runs
 * @param allowNonRestoredState whether an upgrade to this version may leave behind the state of
 *     operators that it no longer has
 * @param deliveryGuarantee what all parts of the job must be able to promise; null: whatever they
 *     can
 * @param errorBreaker when so much fails that the job is suspended; null: never
 */
public record JobConfig(
    String name,
    String version,
    int parallelism,
    int maxParallelism,
    Checkpoints checkpoints,
    RestartStrategy restartStrategy,
    ErrorPolicy errors,
    int batchRows,
    Duration linger,
    Duration watermarkInterval,
    String stateBackend,
    boolean allowNonRestoredState,
    @Nullable DeliveryGuarantee deliveryGuarantee,
    @Nullable ErrorBreaker errorBreaker) {
  public static final int DEFAULT_MAX_PARALLELISM = 128;

  /** The state backend that the server or application uses unless jobs say otherwise. */
  public static final String DEFAULT_STATE_BACKEND = "default";

  /** More key groups than this cannot be. */
  public static final int MAX_PARALLELISM_LIMIT = 32_768;

  /** Rows of a batch unless said otherwise. */
  public static final int DEFAULT_BATCH_ROWS = 2_048;

  public JobConfig {
    check(!name.isBlank(), "a job needs a name");
    check(!version.isBlank(), "a job's version is not blank");
    check(
        maxParallelism >= 1 && maxParallelism <= MAX_PARALLELISM_LIMIT,
        "maxParallelism is " + maxParallelism + ", must be 1.." + MAX_PARALLELISM_LIMIT);
    check(
        parallelism >= 1 && parallelism <= maxParallelism,
        "parallelism is " + parallelism + ", must be 1.." + maxParallelism + " (maxParallelism)");
    check(batchRows >= 1, "batchRows is " + batchRows + ", must be at least 1");
    check(!linger.isNegative(), "linger is " + linger + ", must not be negative");
    check(
        !watermarkInterval.isNegative() && !watermarkInterval.isZero(),
        "watermarkInterval is " + watermarkInterval + ", must be positive");
    check(!stateBackend.isBlank(), "a state backend has a name");
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A builder that begins with these settings. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.name = name;
    builder.version = version;
    builder.parallelism = parallelism;
    builder.maxParallelism = maxParallelism;
    builder.checkpoints = checkpoints;
    builder.restartStrategy = restartStrategy;
    builder.errors = errors;
    builder.batchRows = batchRows;
    builder.linger = linger;
    builder.watermarkInterval = watermarkInterval;
    builder.stateBackend = stateBackend;
    builder.allowNonRestoredState = allowNonRestoredState;
    builder.deliveryGuarantee = deliveryGuarantee;
    builder.errorBreaker = errorBreaker;
    return builder;
  }

  /** From one checkpoint to the next; null: none are made. */
  public @Nullable Duration checkpointInterval() {
    return checkpoints.interval();
  }

  /**
   * When and how state is made safe.
   *
   * @param interval from the start of one checkpoint to the next; null: none are made
   * @param timeout after which a checkpoint is given up
   * @param minPause from the end of one to the start of the next
   * @param toleratedFailures failed checkpoints in a row that do not fail the job
   * @param retained how many are kept, the newest; an older one is restored where newer ones are
   *     damaged
   */
  public record Checkpoints(
      @Nullable Duration interval,
      Duration timeout,
      Duration minPause,
      int toleratedFailures,
      int retained) {
    public static final int DEFAULT_RETAINED = 3;

    public static final Checkpoints NONE =
        new Checkpoints(null, Duration.ofMinutes(10), Duration.ZERO, 0);

    public Checkpoints {
      check(
          interval == null || !(interval.isNegative() || interval.isZero()),
          "checkpointInterval is " + interval + ", must be positive");
      check(
          !timeout.isNegative() && !timeout.isZero(),
          "checkpointTimeout is " + timeout + ", must be positive");
      check(!minPause.isNegative(), "minPause is " + minPause + ", must not be negative");
      check(
          toleratedFailures >= 0,
          "toleratedFailures is " + toleratedFailures + ", must not be negative");
      check(retained >= 1, "retained is " + retained + ", must be at least 1");
    }

    /** Of which the usual number is kept. */
    public Checkpoints(
        @Nullable Duration interval, Duration timeout, Duration minPause, int toleratedFailures) {
      this(interval, timeout, minPause, toleratedFailures, DEFAULT_RETAINED);
    }
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private @Nullable String name;
    private String version = "1";
    private int parallelism = 1;
    private int maxParallelism = DEFAULT_MAX_PARALLELISM;
    private Checkpoints checkpoints = Checkpoints.NONE;
    private RestartStrategy restartStrategy = RestartStrategy.none();
    private ErrorPolicy errors = ErrorPolicy.DEAD_LETTER;
    private int batchRows = DEFAULT_BATCH_ROWS;
    private Duration linger = Duration.ofMillis(5);
    private Duration watermarkInterval = Duration.ofMillis(200);
    private String stateBackend = DEFAULT_STATE_BACKEND;
    private boolean allowNonRestoredState;
    private @Nullable DeliveryGuarantee deliveryGuarantee;
    private @Nullable ErrorBreaker errorBreaker;

    private Builder() {}

    public Builder name(String jobName) {
      this.name = Objects.requireNonNull(jobName);
      return this;
    }

    public Builder version(String jobVersion) {
      this.version = Objects.requireNonNull(jobVersion);
      return this;
    }

    public Builder parallelism(int subtasks) {
      this.parallelism = subtasks;
      return this;
    }

    public Builder maxParallelism(int keyGroups) {
      this.maxParallelism = keyGroups;
      return this;
    }

    public Builder checkpointInterval(Duration interval) {
      this.checkpoints =
          new Checkpoints(
              interval,
              checkpoints.timeout(),
              checkpoints.minPause(),
              checkpoints.toleratedFailures(),
              checkpoints.retained());
      return this;
    }

    public Builder checkpoints(Checkpoints settings) {
      this.checkpoints = Objects.requireNonNull(settings);
      return this;
    }

    public Builder restartStrategy(RestartStrategy strategy) {
      this.restartStrategy = Objects.requireNonNull(strategy);
      return this;
    }

    public Builder errorPolicy(ErrorPolicy policy) {
      this.errors = Objects.requireNonNull(policy);
      return this;
    }

    public Builder batchRows(int rows) {
      this.batchRows = rows;
      return this;
    }

    public Builder linger(Duration wait) {
      this.linger = Objects.requireNonNull(wait);
      return this;
    }

    public Builder watermarkInterval(Duration interval) {
      this.watermarkInterval = Objects.requireNonNull(interval);
      return this;
    }

    public Builder stateBackend(String backend) {
      this.stateBackend = Objects.requireNonNull(backend);
      return this;
    }

    /** Lets an upgrade to this version leave behind the state of operators that are gone. */
    public Builder allowNonRestoredState(boolean allowed) {
      this.allowNonRestoredState = allowed;
      return this;
    }

    /** What all parts of the job must be able to promise; null, as at first: whatever they can. */
    public Builder deliveryGuarantee(@Nullable DeliveryGuarantee guarantee) {
      this.deliveryGuarantee = guarantee;
      return this;
    }

    /** When so much fails that the job is suspended; null, as at first: never. */
    public Builder errorBreaker(@Nullable ErrorBreaker breaker) {
      this.errorBreaker = breaker;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if there is no name, or a number is out of its range
     */
    public JobConfig build() {
      check(name != null, "a job needs a name");
      return new JobConfig(
          Objects.requireNonNull(name),
          version,
          parallelism,
          maxParallelism,
          checkpoints,
          restartStrategy,
          errors,
          batchRows,
          linger,
          watermarkInterval,
          stateBackend,
          allowNonRestoredState,
          deliveryGuarantee,
          errorBreaker);
    }
  }
}
