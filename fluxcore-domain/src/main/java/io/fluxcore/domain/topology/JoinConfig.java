package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.join.AsOfMatch;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Joins two streams on the equality of fields, most within a bound of time. The fields of a result
 * are those of the left input and those of the right one, whose names begin with the right prefix;
 * of semi and anti joins those of the left input alone; of window joins also {@code window_start}
 * and {@code window_end}.
 *
 * @param type which rows it gives
 * @param bound which rows it compares
 * @param on fields of the left input, and the fields of the right one that they equal
 * @param condition what else must be true of a pair, an expression over the names of results; null:
 *     nothing
 * @param leftPrefix before the names of the left input's fields
 * @param rightPrefix before the names of the right input's fields
 * @param allowedLateness how long after the watermark rows are taken, and results wait
 * @param lateOutput whether rows that are too late leave by {@code late} and {@code lateRight}
 * @param errors what happens to pairs of which the condition cannot be told
 */
public record JoinConfig(
    JoinType type,
    JoinBound bound,
    Map<String, String> on,
    @Nullable String condition,
    String leftPrefix,
    String rightPrefix,
    Duration allowedLateness,
    boolean lateOutput,
    @Nullable ErrorPolicy errors)
    implements JoinNode {
  /** Before the names of the right input's fields, unless said otherwise. */
  public static final String RIGHT_PREFIX = "right_";

  /** The port of late rows of the left input. */
  public static final String LATE_PORT = WindowConfig.LATE_PORT;

  /** The port of late rows of the right input. */
  public static final String LATE_RIGHT_PORT = "lateRight";

  public JoinConfig {
    on = Collections.unmodifiableMap(new LinkedHashMap<>(on));
  }

  /** Rows that are in the same window; of the window its shape counts and its allowed lateness. */
  public static JoinBuilder window(WindowConfig window) {
    JoinBuilder builder = new JoinBuilder(new JoinBound.Window(window.shape()));
    builder.withAllowedLateness(window.allowedLateness());
    return window.lateOutput() ? builder.withLateOutput() : builder;
  }

  /** Rows of which the right one is from {@code lower} to {@code upper} after the left one. */
  public static JoinBuilder interval(Duration lower, Duration upper) {
    return new JoinBuilder(
        new JoinBound.Interval(Objects.requireNonNull(lower), Objects.requireNonNull(upper), null));
  }

  /** Each row of the left input with the version of the right table at the row's time. */
  public static JoinBuilder temporal() {
    return new JoinBuilder(new JoinBound.Temporal(null));
  }

  /** Each row of the left input with what the right table has when it comes. */
  public static JoinBuilder table() {
    return new JoinBuilder(new JoinBound.Table(null, false));
  }

  /** All rows of both inputs, whenever they came: results are a changelog. */
  public static JoinBuilder unbounded() {
    return new JoinBuilder(new JoinBound.Unbounded(null));
  }

  /**
   * Each row of the left input with the closest right row of its key: of those of which the match
   * is true, the one with the largest value if it is to be smaller, and the smallest if it is to be
   * larger. Results are a changelog.
   */
  public static JoinBuilder asOf(AsOfMatch match) {
    return new JoinBuilder(new JoinBound.AsOf(Objects.requireNonNull(match), List.of(), null));
  }

  /** The same of a text such as {@code time >= quoted}, see {@link AsOfMatch#parse}. */
  public static JoinBuilder asOf(String match) {
    return asOf(AsOfMatch.parse(match));
  }

  /** Each row of one input with what a table outside has for its key, through a connector. */
  public static LookupConfig.Builder lookup(String connector) {
    return LookupConfig.of(new ConnectorSpec(connector, Map.of()), null);
  }

  /**
   * A join with a table outside that is held in memory as a whole: what a source connector gives
   * from its beginning to its end.
   */
  public static FullLookupConfig.Builder fullLookup(String connector) {
    return FullLookupConfig.of(connector);
  }

  /**
   * The same through a lookup that the application makes itself; the topology is bound by it. Its
   * keys are those of {@code withOn}, and its rows have the fields of {@code withField}, all of
   * them, in the order in which they were named.
   */
  public static LookupConfig.Builder lookup(Lookup lookup) {
    return LookupConfig.of(
        new ConnectorSpec(SourceConfig.CUSTOM, Map.of()), Objects.requireNonNull(lookup, "lookup"));
  }

  @Override
  public List<String> inputNames() {
    return List.of("left", "right");
  }

  @Override
  public List<String> ports() {
    return lateOutput ? List.of(LATE_PORT, LATE_RIGHT_PORT) : List.of();
  }

  @Override
  public String describe() {
    List<String> equal = new ArrayList<>();
    on.forEach((left, right) -> equal.add(left + " = " + right));
    return type
        + " join, "
        + bound
        + ", on "
        + String.join(", ", equal)
        + (condition == null ? "" : " and " + condition)
        + (allowedLateness.isZero()
            ? ""
            : ", allowed lateness " + DurationText.format(allowedLateness));
  }

  @Override
  public void check(NodeFindings findings) {
    new JoinCheck(this, findings).settings();
  }

  String prefix(int input) {
    return input == JoinType.LEFT_INPUT ? leftPrefix : rightPrefix;
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    List<FieldUse> uses = new ArrayList<>();
    key(input).forEach(field -> uses.add(FieldUse.of(field, DataType.STRING)));
    if (bound instanceof JoinBound.AsOf asOf && asOf.match() != null) {
      boolean isLeft = input == JoinType.LEFT_INPUT;
      String field = isLeft ? asOf.match().left() : asOf.match().right();
      uses.add(FieldUse.of(field, DataType.DOUBLE));
      if (!isLeft) {
        asOf.ties().forEach(tie -> uses.add(FieldUse.of(tie.name(), DataType.DOUBLE)));
      }
    }
    if (condition != null) {
      Map<String, DataType> typed = ExpressionUse.demandsAsPredicate(condition, expressions);
      for (String name : ExpressionUse.fields(condition)) {
        InputField field = field(name);
        if (field.input() == input) {
          DataType type = typed.get(name);
          uses.add(
              type == null
                  ? FieldUse.of(field.field(), DataType.NESTED)
                  : FieldUse.firm(field.field(), type));
        }
      }
    }
    return uses;
  }

  @Override
  public boolean usesAllFields(int input, Changes changes) {
    return new JoinChanges(this).usesAllFields(input, changes);
  }

  /** The field of a pair of this name, if there is one. */
  InputField field(String name) {
    boolean isRight =
        name.startsWith(rightPrefix)
            && (rightPrefix.length() > leftPrefix.length() || !name.startsWith(leftPrefix));
    int input = isRight ? JoinType.RIGHT_INPUT : JoinType.LEFT_INPUT;
    String prefix = prefix(input);
    return new InputField(input, name.startsWith(prefix) ? name.substring(prefix.length()) : name);
  }

  @Override
  public @Nullable InputField origin(String port, String field) {
    if (port.equals(LATE_PORT)) {
      return new InputField(JoinType.LEFT_INPUT, field);
    }
    if (port.equals(LATE_RIGHT_PORT)) {
      return new InputField(JoinType.RIGHT_INPUT, field);
    }
    if (JoinPlan.isBound(this, field)) {
      return null;
    }
    if (!type.givesPairs()) {
      return new InputField(
          JoinType.LEFT_INPUT,
          field.startsWith(leftPrefix) ? field.substring(leftPrefix.length()) : field);
    }
    return field(field);
  }

  @Override
  public @Nullable String passedAs(int input, String field) {
    boolean isGiven = input == JoinType.LEFT_INPUT || type.givesPairs();
    boolean mayBeNull = type.givesPairs() && type.givesUnmatched(1 - input);
    return isGiven && !mayBeNull ? prefix(input) + field : null;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    return new JoinCheck(this, findings).outputs(inputs, expressions);
  }

  @Override
  public List<String> key(int input) {
    return List.copyOf(input == JoinType.LEFT_INPUT ? on.keySet() : on.values());
  }

  @Override
  public boolean needsEventTime() {
    return bound.needsEventTime();
  }

  @Override
  public Changes.Mode takes(int input) {
    return new JoinChanges(this).takes(input);
  }

  @Override
  public boolean takesUpserts(int input) {
    return new JoinChanges(this).takesUpserts(input);
  }

  @Override
  public Changes changes(List<Changes> inputs) {
    return new JoinChanges(this).of(inputs);
  }

  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    JoinCheck.requireTableOfKey(this, changes.get(JoinType.RIGHT_INPUT));
    return new JoinPlan(this, inputs, outputs.get(0), tools).plan(changes);
  }

  /** Collects settings. Not thread-safe. */
  public static final class JoinBuilder {
    private JoinBound bound;
    private JoinType type = JoinType.INNER;
    private final Map<String, String> on = new LinkedHashMap<>();
    private @Nullable String condition;
    private String leftPrefix = "";
    private String rightPrefix = RIGHT_PREFIX;
    private Duration allowedLateness = Duration.ZERO;
    private boolean lateOutput;
    private @Nullable ErrorPolicy errors;

    private JoinBuilder(JoinBound bound) {
      this.bound = bound;
    }

    /** Inner unless said otherwise. */
    public JoinBuilder withType(JoinType which) {
      this.type = Objects.requireNonNull(which);
      return this;
    }

    /** A field of the left input that equals one of the right input; once for each. */
    public JoinBuilder withOn(String left, String right) {
      on.put(left, right);
      return this;
    }

    /** A field of both inputs that has the same name in them; once for each. */
    public JoinBuilder withOn(String field) {
      return withOn(field, field);
    }

    /** What else must be true of a pair: an expression over the names of results. */
    public JoinBuilder withCondition(String expression) {
      this.condition = Objects.requireNonNull(expression);
      return this;
    }

    /** Before the names of the left input's fields; none unless said otherwise. */
    public JoinBuilder withLeftPrefix(String prefix) {
      this.leftPrefix = Objects.requireNonNull(prefix);
      return this;
    }

    /** Before the names of the right input's fields. */
    public JoinBuilder withRightPrefix(String prefix) {
      this.rightPrefix = Objects.requireNonNull(prefix);
      return this;
    }

    /** How long after the watermark rows are taken; results wait as long. */
    public JoinBuilder withAllowedLateness(Duration lateness) {
      this.allowedLateness = Objects.requireNonNull(lateness);
      return this;
    }

    /**
     * Rows that are late still match what is held, of interval joins.
     *
     * @param longer how much longer rows are held for that; zero holds nothing longer
     */
    public JoinBuilder withLateMatches(Duration longer) {
      bound = bound.withLateMatches(Objects.requireNonNull(longer));
      return this;
    }

    /**
     * The table has all rows of a key, in joins with what a table has when a row comes: a row finds
     * each of them. Otherwise it has one row of each key, and the next one replaces it.
     */
    public JoinBuilder withAllRows() {
      bound = bound.withAllRows();
      return this;
    }

    /** Rows that are too late leave by the ports {@code late} and {@code lateRight}. */
    public JoinBuilder withLateOutput() {
      this.lateOutput = true;
      return this;
    }

    /**
     * How long rows of a table count after they were written, of joins with a table; or how long,
     * in event time, rows are kept after the last one of their key came, of unbounded joins and
     * those with the closest row.
     */
    public JoinBuilder withTimeToLive(Duration life) {
      bound = bound.withTimeToLive(Objects.requireNonNull(life));
      return this;
    }

    /**
     * How long rows of an unbounded join, or of one with the closest row, are kept after the last
     * one of their key came.
     */
    public JoinBuilder withTimeToLive(TimeToLive life) {
      bound = bound.withTimeToLive(life);
      return this;
    }

    /**
     * How long left and right rows of an unbounded join are kept after the last one of their key
     * came; null: for ever.
     */
    public JoinBuilder withTimeToLives(@Nullable TimeToLive left, @Nullable TimeToLive right) {
      bound = bound.withTimeToLives(left, right);
      return this;
    }

    /**
     * Of several right rows of the closest value the first in this order is taken, in joins with
     * the closest row.
     *
     * @param order fields of the right input, as {@link SortField#parse} reads them
     */
    public JoinBuilder withTies(String... order) {
      bound = bound.withTies(Arrays.stream(order).map(SortField::parse).toList());
      return this;
    }

    public JoinBuilder withErrorPolicy(ErrorPolicy policy) {
      this.errors = Objects.requireNonNull(policy);
      return this;
    }

    public JoinConfig build() {
      return new JoinConfig(
          type, bound, on, condition, leftPrefix, rightPrefix, allowedLateness, lateOutput, errors);
    }
  }
}
