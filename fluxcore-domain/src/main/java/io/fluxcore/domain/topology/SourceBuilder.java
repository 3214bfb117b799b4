package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.shedding.LoadShedding;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkAlignment;
import io.fluxcore.domain.time.WatermarkStrategy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all sources share. Not thread-safe.
 *
 * @param <B> the builder itself
 */
public abstract class SourceBuilder<B extends SourceBuilder<B>> {
  private final String connector;
  private final @Nullable BoundSource instance;
  private final Map<String, Object> options = new LinkedHashMap<>();
  private @Nullable Schema schema;
  private @Nullable String timestampField;
  private @Nullable String timestampExpression;
  private List<String> primaryKey = List.of();
  private TimeCharacteristic time = TimeCharacteristic.EVENT;
  private WatermarkStrategy watermarks = SourceConfig.DEFAULT_WATERMARKS;
  private @Nullable ErrorPolicy errors;
  private int parallelism;
  private @Nullable LoadShedding shedding;

  SourceBuilder(String connector, @Nullable BoundSource instance) {
    this.connector = Objects.requireNonNull(connector, "connector");
    this.instance = instance;
  }

  @SuppressWarnings("unchecked")
  private B self() {
    return (B) this;
  }

  /** Sets an option of the connector, also one that this builder has no method for. */
  public B with(String option, Object value) {
    options.put(Objects.requireNonNull(option), Objects.requireNonNull(value, option));
    return self();
  }

  /** Sets several options of the connector. */
  public B withOptions(Map<String, ?> values) {
    values.forEach(this::with);
    return self();
  }

  /** Declares the fields; an open schema declares some of them. */
  public B withSchema(Schema declared) {
    this.schema = Objects.requireNonNull(declared);
    return self();
  }

  /**
   * The fields that name a row: each row takes the place of the one before with the same key, as in
   * a compacted topic, or a table's changes without the rows before.
   */
  public B withPrimaryKey(String... fields) {
    this.primaryKey = List.of(fields);
    return self();
  }

  /** The field that carries the event time. */
  public B withTimestampField(String field) {
    this.timestampField = Objects.requireNonNull(field);
    this.timestampExpression = null;
    return self();
  }

  /** Computes the event time of an event from its fields. */
  public B withTimestampExpression(String expression) {
    this.timestampExpression = Objects.requireNonNull(expression);
    this.timestampField = null;
    return self();
  }

  /** Which time the events carry: event time unless said otherwise. */
  public B withTime(TimeCharacteristic characteristic) {
    this.time = Objects.requireNonNull(characteristic);
    return self();
  }

  /** How far events may be out of order, and when a partition counts as idle. */
  public B withWatermarks(WatermarkStrategy strategy) {
    this.watermarks = Objects.requireNonNull(strategy);
    return self();
  }

  /** Events may come up to this much after later ones. */
  public B withMaxOutOfOrderness(Duration bound) {
    this.watermarks = watermarks.withMaxOutOfOrderness(bound);
    return self();
  }

  /** A partition that is silent for this long no longer holds back the others. */
  public B withIdleTimeout(Duration timeout) {
    this.watermarks = watermarks.withIdleTimeout(timeout);
    return self();
  }

  /**
   * When no partition of the source has given an event for this long, its event time goes on with
   * the clock, so that open windows give results. Rows that come later and are behind it are late.
   */
  public B withSilenceFallback(Duration timeout) {
    this.watermarks = watermarks.withSilenceFallback(timeout);
    return self();
  }

  /**
   * Keeps the partitions of all sources that name this group close together in event time: one that
   * is further ahead than the drift is not read until the others have caught up.
   */
  public B withWatermarkAlignment(String group, Duration maxDrift) {
    this.watermarks = watermarks.withAlignment(new WatermarkAlignment(group, maxDrift));
    return self();
  }

  /**
   * Keeps the partitions of all sources that name this group close together in event time.
   *
   * @param updateInterval how long a reader may keep its progress to itself; 50 ms unless given
   */
  public B withWatermarkAlignment(String group, Duration maxDrift, Duration updateInterval) {
    this.watermarks =
        watermarks.withAlignment(new WatermarkAlignment(group, maxDrift, updateInterval));
    return self();
  }

  /**
   * Has the source give up rows where what follows takes too few, rather than wait. Such a topology
   * cannot promise exactly once.
   */
  public B withLoadShedding(LoadShedding loadShedding) {
    this.shedding = Objects.requireNonNull(loadShedding);
    return self();
  }

  /** What happens to records that cannot be decoded. */
  public B withErrorPolicy(ErrorPolicy policy) {
    this.errors = Objects.requireNonNull(policy);
    return self();
  }

  /** Number of readers, where it is not to be the job's parallelism. */
  public B withParallelism(int readers) {
    this.parallelism = readers;
    return self();
  }

  public SourceConfig build() {
    return new SourceConfig(
        new ConnectorSpec(connector, options),
        instance,
        schema,
        timestampField,
        timestampExpression,
        time,
        watermarks,
        errors,
        parallelism,
        shedding,
        primaryKey);
  }
}
