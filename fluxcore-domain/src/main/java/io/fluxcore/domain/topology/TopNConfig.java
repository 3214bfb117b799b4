package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.rank.TopN;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.window.WindowAggregation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of each key in an order: the ten largest, the second to the fifth. Of all rows so
 * far, as a changelog; or {@link Builder#perWindow() per window}, of rows that a window gave, when
 * the watermark has passed the window's end, once and for all.
 *
 * @param key fields whose rows are ranked together; none: those of the {@code keyBy} above, or all
 *     rows
 * @param orderBy the order; of rows of the same place those that came first are first
 * @param from the first rank that is given, from 1
 * @param to the last one
 * @param rankField the field that holds a row's rank, behind the others; null: ranks are not given
 * @param perWindow whether rows of each window are ranked, by their field {@code window_end}; rows
 *     that come after it has passed leave by the port {@code late}
 * @param timeToLive how long the rows of a key are remembered after the last one; null: for ever
 */
public record TopNConfig(
    List<String> key,
    List<SortField> orderBy,
    long from,
    long to,
    @Nullable String rankField,
    boolean perWindow,
    @Nullable TimeToLive timeToLive,
    @Nullable ErrorPolicy errors)
    implements OperatorConfig {
  public TopNConfig {
    key = List.copyOf(key);
    orderBy = List.copyOf(orderBy);
  }

  /** The first so many rows of each key. */
  public static Builder first(long rows) {
    return new Builder(1, rows);
  }

  /** The rows of these ranks of each key. */
  public static Builder ranks(long from, long to) {
    return new Builder(from, to);
  }

  private TopN topN() {
    return new TopN(allKey(), orderBy, from, to, rankField, timeToLive);
  }

  private List<String> allKey() {
    if (!perWindow || key.contains(WindowAggregation.WINDOW_END)) {
      return key;
    }
    List<String> withWindow = new ArrayList<>(key);
    withWindow.add(WindowAggregation.WINDOW_END);
    return withWindow;
  }

  @Override
  public String describe() {
    return topN().toString();
  }

  @Override
  public List<String> ports() {
    return perWindow ? List.of(WindowConfig.LATE_PORT) : List.of();
  }

  @Override
  public OperatorConfig keyedBy(List<String> above) {
    return key.isEmpty()
        ? new TopNConfig(above, orderBy, from, to, rankField, perWindow, timeToLive, errors)
        : this;
  }

  @Override
  public void check(NodeFindings findings) {
    if (orderBy.isEmpty()) {
      findings.missing("orderBy", "the fields by which rows are ranked");
    }
    List<String> named = new ArrayList<>(key);
    orderBy.forEach(field -> named.add(field.name()));
    findings.distinct("orderBy", named);
    if (from < 1 || to < from || to > TopN.MAX_ROWS) {
      findings.error(
          "FLX-TOPO-0055",
          "ranks",
          "the ranks asked for are " + from + " to " + to,
          "give ranks from 1 to " + TopN.MAX_ROWS + ", the smaller first");
    }
    if (perWindow && timeToLive != null) {
      findings.error(
          "FLX-TOPO-0054",
          "timeToLive",
          "a ranking has a time-to-live of " + timeToLive + ", but windows end by themselves",
          "leave it out");
    }
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    List<FieldUse> uses = new ArrayList<>();
    allKey().forEach(field -> uses.add(FieldUse.of(field, DataType.STRING)));
    orderBy.forEach(field -> uses.add(FieldUse.of(field.name(), DataType.DOUBLE)));
    return uses;
  }

  @Override
  public @Nullable InputField origin(String port, String field) {
    return port.equals(MAIN_PORT) && field.equals(rankField) ? null : new InputField(0, field);
  }

  @Override
  public String passedAs(int input, String field) {
    return field;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    Schema input = inputs.get(0);
    boolean complete = findings.key("key", allKey(), input);
    complete &= findings.order("orderBy", orderBy, input);
    if (rankField != null && input.find(rankField) != null) {
      findings.error(
          "FLX-TOPO-0020",
          "rank",
          "the result would have two fields '" + rankField + "'",
          "give the rank another name");
      complete = false;
    }
    if (complete && perWindow && !isTime(input)) {
      findings.error(
          "FLX-TOPO-0056",
          "perWindow",
          "'window_end' is " + input.type(input.ordinal(WindowAggregation.WINDOW_END)),
          "rank the results of a window of time, whose window_end is timestamp_tz");
      complete = false;
    }
    Map<String, Schema> outputs = new LinkedHashMap<>();
    if (complete) {
      outputs.put(MAIN_PORT, topN().outputSchema(input));
    }
    ports().forEach(port -> outputs.put(port, input));
    return outputs;
  }

  private static boolean isTime(Schema input) {
    return input.type(input.ordinal(WindowAggregation.WINDOW_END)).equals(DataType.TIMESTAMP_TZ);
  }

  @Override
  public List<String> key(int input) {
    return allKey();
  }

  @Override
  public boolean needsEventTime() {
    return perWindow;
  }

  @Override
  public Changes.Mode takes(int input) {
    return perWindow ? Changes.Mode.APPEND : Changes.Mode.RETRACT;
  }

  @Override
  public Changes changes(List<Changes> inputs) {
    List<String> unique = inputs.get(0).key();
    if (rankField != null) {
      unique = new ArrayList<>(allKey());
      unique.add(rankField);
    }
    return perWindow ? new Changes(Changes.Mode.APPEND, unique) : Changes.retracts(unique);
  }

  /** Of rows of the same place the first to come are first. */
  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema input = inputs.get(0);
    Schema rows =
        Schema.of(
            outputs.get(0).fields().stream().filter(f -> !f.name().equals(rankField)).toList());
    TopN topN = topN();
    if (perWindow) {
      return new OperatorPlan(
          () -> topN.operator(input, rows, WindowAggregation.WINDOW_END),
          List.of(topN.outputSchema(rows), input),
          true);
    }
    boolean retracts = !changes.get(0).isAppend();
    return new OperatorPlan(
        () -> topN.operator(input, rows, retracts), List.of(topN.outputSchema(rows)), false);
  }

  /** Collects the settings. Not thread-safe. */
  public static final class Builder {
    private final long from;
    private final long to;
    private List<String> key = List.of();
    private final List<SortField> orderBy = new ArrayList<>();
    private @Nullable String rankField;
    private boolean perWindow;
    private @Nullable TimeToLive timeToLive;
    private @Nullable ErrorPolicy errors;

    private Builder(long from, long to) {
      this.from = from;
      this.to = to;
    }

    /** The fields whose rows are ranked together. */
    public Builder withKey(String... fields) {
      key = List.of(fields);
      return this;
    }

    /** Fields by which rows are ranked, smaller values first; nulls are the smallest. */
    public Builder orderBy(String... fields) {
      Arrays.stream(fields).map(SortField::ascending).forEach(orderBy::add);
      return this;
    }

    /** Fields by which rows are ranked, larger values first. */
    public Builder orderByDescending(String... fields) {
      Arrays.stream(fields).map(SortField::descending).forEach(orderBy::add);
      return this;
    }

    /** Gives each row its rank in a field of this name. */
    public Builder withRank(String field) {
      rankField = Objects.requireNonNull(field);
      return this;
    }

    /** Ranks the rows of each window, which is their field {@code window_end}. */
    public Builder perWindow() {
      perWindow = true;
      return this;
    }

    /** How long the rows of a key are remembered after the last one. */
    public Builder withTimeToLive(TimeToLive life) {
      timeToLive = Objects.requireNonNull(life);
      return this;
    }

    /** What happens to rows that cannot be processed. */
    public Builder withErrorPolicy(ErrorPolicy policy) {
      errors = Objects.requireNonNull(policy);
      return this;
    }

    public TopNConfig build() {
      return new TopNConfig(key, orderBy, from, to, rankField, perWindow, timeToLive, errors);
    }
  }
}
