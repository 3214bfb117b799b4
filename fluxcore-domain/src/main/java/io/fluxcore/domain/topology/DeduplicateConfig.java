package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.rank.Deduplication;
import io.fluxcore.domain.rank.Deduplication.Keep;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of each key: the first, and others are left out; or the last, which takes the place of
 * the one before as a change of it.
 *
 * <p>{@code FIRST} is by arrival; put a sort before it to have the first by time. With a time
 * ({@link Builder#within}) a row is a duplicate until so long after the row that was let by, and
 * rows that are too late to be judged leave by the port {@code late}. Duplicates leave by the port
 * {@code duplicates}. {@code LAST} is by time: a row that is older than the one of its key changes
 * nothing.
 *
 * @param key fields by which rows are duplicates of each other; none: those of the {@code keyBy}
 *     above
 * @param keep which row
 * @param within how long, and by which time; null: for ever
 */
public record DeduplicateConfig(
    List<String> key, Keep keep, @Nullable TimeToLive within, @Nullable ErrorPolicy errors)
    implements OperatorConfig {
  /** The port of the rows that a first row keeps out. */
  public static final String DUPLICATES_PORT = "duplicates";

  public DeduplicateConfig {
    key = List.copyOf(key);
  }

  /** Keeps the first row of each key. */
  public static Builder first() {
    return new Builder(Keep.FIRST);
  }

  /** Keeps the last row of each key. */
  public static Builder last() {
    return new Builder(Keep.LAST);
  }

  @Override
  public String describe() {
    return deduplication().toString();
  }

  private Deduplication deduplication() {
    return new Deduplication(key, keep, within);
  }

  @Override
  public List<String> ports() {
    return keep == Keep.FIRST ? List.of(WindowConfig.LATE_PORT, DUPLICATES_PORT) : List.of();
  }

  @Override
  public OperatorConfig keyedBy(List<String> above) {
    return key.isEmpty() ? new DeduplicateConfig(above, keep, within, errors) : this;
  }

  @Override
  public void check(NodeFindings findings) {
    if (key.isEmpty()) {
      findings.missing("key", "the fields by which rows are duplicates, or put a keyBy before it");
    }
    findings.distinct("key", key);
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    return key.stream().map(field -> FieldUse.of(field, DataType.STRING)).toList();
  }

  @Override
  public InputField origin(String port, String field) {
    return new InputField(0, field);
  }

  @Override
  public String passedAs(int input, String field) {
    return field;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    findings.key("key", key, inputs.get(0));
    Map<String, Schema> outputs = new LinkedHashMap<>();
    outputs.put(MAIN_PORT, inputs.get(0));
    ports().forEach(port -> outputs.put(port, inputs.get(0)));
    return outputs;
  }

  @Override
  public List<String> key(int input) {
    return key;
  }

  @Override
  public boolean needsEventTime() {
    return within != null && within.time() == TimeCharacteristic.EVENT;
  }

  @Override
  public boolean passesRecords() {
    return keep == Keep.FIRST;
  }

  @Override
  public Changes changes(List<Changes> inputs) {
    List<String> unique = within == null ? key : null;
    return keep == Keep.LAST ? Changes.retracts(key) : new Changes(Changes.Mode.APPEND, unique);
  }

  /** The first to arrive is a matter of chance where several subtasks read. */
  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema input = inputs.get(0);
    Schema output = outputs.get(0);
    Deduplication deduplication = deduplication();
    return keep == Keep.FIRST
        ? new OperatorPlan(
            () -> deduplication.operator(input, input), List.of(input, input, input), false)
        : new OperatorPlan(
            () -> deduplication.operator(input, output), List.of(output), within == null);
  }

  /** Collects the settings. Not thread-safe. */
  public static final class Builder {
    private final Keep keep;
    private List<String> key = List.of();
    private @Nullable TimeToLive within;
    private @Nullable ErrorPolicy errors;

    private Builder(Keep keep) {
      this.keep = keep;
    }

    /** The fields by which rows are duplicates of each other. */
    public Builder withKey(String... fields) {
      key = List.of(fields);
      return this;
    }

    /** How long after a row others are its duplicates, in event time. */
    public Builder within(Duration duration) {
      return within(TimeToLive.ofEventTime(duration));
    }

    /** How long after a row others are its duplicates, by this time. */
    public Builder within(TimeToLive life) {
      within = Objects.requireNonNull(life);
      return this;
    }

    /** What happens to rows that cannot be processed. */
    public Builder withErrorPolicy(ErrorPolicy policy) {
      errors = Objects.requireNonNull(policy);
      return this;
    }

    public DeduplicateConfig build() {
      return new DeduplicateConfig(key, keep, within, errors);
    }
  }
}
