package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.over.Frame;
import io.fluxcore.domain.over.OverCall;
import io.fluxcore.domain.over.OverWindow;
import io.fluxcore.domain.sort.EventTimeSort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Each row of a key with what the rows before it, in the order of event time, come to: its number,
 * fields of earlier and later rows, aggregates over a frame that ends with it. Rows are held until
 * the watermark passes them; those that come later leave by the port {@code late}. Where rows look
 * ahead, for fields of later rows, they leave before those come and are replaced then: a changelog.
 *
 * @param key fields whose rows are taken together; none: those of the {@code keyBy} above, or all
 *     rows
 * @param frame which rows aggregates are over
 * @param calls what is computed, at least one
 */
public record OverConfig(
    List<String> key, Frame frame, List<OverCall> calls, @Nullable ErrorPolicy errors)
    implements OperatorConfig {
  /** Most rows that can be looked back, or ahead. */
  public static final int MAX_LAG = 10_000;

  public OverConfig {
    key = List.copyOf(key);
    calls = List.copyOf(calls);
  }

  /** Aggregates over all rows up to a row, with those of its time. */
  public static Builder unbounded() {
    return new Builder(Frame.unbounded());
  }

  /** Aggregates over a row and so many before it. */
  public static Builder rows(long preceding) {
    return new Builder(Frame.rows(preceding));
  }

  /** Aggregates over the rows of so long before a row, with those of its time. */
  public static Builder range(Duration preceding) {
    return new Builder(Frame.range(preceding));
  }

  private OverWindow over(ExpressionContext expressions, SketchFactory sketches) {
    return new OverWindow(key, frame, calls, new AggregateContext(expressions, sketches, true));
  }

  private List<AggregateCall> aggregates() {
    return OverWindow.aggregates(calls);
  }

  @Override
  public String describe() {
    return new OverWindow(key, frame, calls, AggregateContext.STANDARD).toString();
  }

  @Override
  public List<String> ports() {
    return List.of(WindowConfig.LATE_PORT);
  }

  @Override
  public OperatorConfig keyedBy(List<String> above) {
    return key.isEmpty() ? new OverConfig(above, frame, calls, errors) : this;
  }

  @Override
  public void check(NodeFindings findings) {
    findings.distinct("key", key);
    if (calls.isEmpty()) {
      findings.missing("fields", "at least one field");
    }
    if (!frame.endsWithRow()) {
      findings.error(
          "FLX-TOPO-0071",
          "frame",
          "the frame is " + frame + ", and rows in the order of event time know those before them",
          "end it with the row, or say orderBy");
    }
    for (OverCall call : calls) {
      checkDistance(call, findings);
      boolean needsOrder =
          call instanceof OverCall.Numbering number
              ? number.kind().isShare()
              : call instanceof OverCall.Tile || call instanceof OverCall.Value;
      if (needsOrder) {
        findings.error(
            "FLX-TOPO-0072",
            "fields." + call.output(),
            "'" + call + "' needs all rows of its key",
            "say orderBy");
      }
    }
  }

  /** Whether calls look back and ahead by a number of rows that can be kept. */
  static void checkDistance(OverCall call, NodeFindings findings) {
    if (call instanceof OverCall.Lag lag && (lag.rows() < 1 || lag.rows() > MAX_LAG)) {
      findings.error(
          "FLX-TOPO-0058",
          "fields." + lag.output(),
          "'" + lag.output() + "' looks back " + lag.rows() + " rows",
          "give 1 to " + MAX_LAG);
    }
    if (call instanceof OverCall.Lead lead && (lead.rows() < 1 || lead.rows() > MAX_LAG)) {
      findings.error(
          "FLX-TOPO-0058",
          "fields." + lead.output(),
          "'" + lead.output() + "' looks ahead " + lead.rows() + " rows",
          "give 1 to " + MAX_LAG);
    }
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    return uses(key, calls);
  }

  static List<FieldUse> uses(List<String> key, List<OverCall> calls) {
    List<FieldUse> uses = new ArrayList<>();
    key.forEach(field -> uses.add(FieldUse.of(field, DataType.STRING)));
    for (OverCall call : calls) {
      DataType type = call instanceof OverCall.Aggregate ? DataType.DOUBLE : DataType.NESTED;
      OverWindow.uses(call).forEach(field -> uses.add(FieldUse.of(field, type)));
    }
    return uses;
  }

  @Override
  public @Nullable InputField origin(String port, String field) {
    boolean isComputed = calls.stream().anyMatch(call -> call.output().equals(field));
    return port.equals(MAIN_PORT) && isComputed ? null : new InputField(0, field);
  }

  @Override
  public String passedAs(int input, String field) {
    return field;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    Schema input = inputs.get(0);
    boolean complete = findings.key("key", key, input);
    complete &= checkFields(calls, input, findings);
    Map<String, Schema> outputs = new LinkedHashMap<>();
    outputs.put(WindowConfig.LATE_PORT, input);
    if (complete && canBeComputed(input, findings, expressions)) {
      outputs.put(MAIN_PORT, over(expressions, SketchFactory.NONE).outputSchema(input, input));
    }
    return outputs;
  }

  /** Whether what calls read is there, and what they give has names of its own. */
  static boolean checkFields(List<OverCall> calls, Schema input, NodeFindings findings) {
    boolean complete = true;
    List<String> names = new ArrayList<>(input.fieldNames());
    for (OverCall call : calls) {
      String option = "fields." + call.output();
      for (String field : OverWindow.uses(call)) {
        complete &= findings.hasField(option, field, input);
      }
      if (call instanceof OverCall.Lead lead) {
        complete &= canStandIn(lead, input, findings);
      }
      if (names.contains(call.output()) || call.output().isBlank()) {
        findings.error(
            "FLX-TOPO-0020",
            option,
            "the result would have two fields '" + call.output() + "', or one without a name",
            "give it another name");
        complete = false;
      }
      names.add(call.output());
    }
    return complete;
  }

  /** Whether what is given while there is no later row is of the field's type. */
  private static boolean canStandIn(OverCall.Lead lead, Schema input, NodeFindings findings) {
    Field field = input.find(lead.field());
    if (field == null) {
      return false;
    }
    try {
      PlainValues.parse(field, lead.otherwise());
      return true;
    } catch (RecordException e) {
      findings.error(
          "FLX-TOPO-0059",
          "fields." + lead.output(),
          "what '" + lead.output() + "' is while there is no later row: " + e.getMessage(),
          "give a default of the type of '" + lead.field() + "', or none for null");
      return false;
    }
  }

  private boolean canBeComputed(
      Schema input, NodeFindings findings, ExpressionContext expressions) {
    List<Diagnostic> problems = AggregateProgram.check(aggregates(), input, expressions);
    findings.addAll("fields", problems);
    if (!problems.isEmpty() || frame.isUnbounded()) {
      return problems.isEmpty();
    }
    AggregateContext context = new AggregateContext(expressions, SketchFactory.NONE, true);
    boolean complete = true;
    for (AggregateCall call : aggregates()) {
      if (!AggregateProgram.compile(List.of(call), input, context).canRetract()) {
        findings.error(
            "FLX-TOPO-0057",
            "fields." + call.output(),
            "rows leave a frame of " + frame + ", which " + call + " cannot take back",
            "use an aggregate that can, such as count, sum, average, min and max, or lag, or leave"
                + " the frame unbounded");
        complete = false;
      }
    }
    return complete;
  }

  @Override
  public List<String> key(int input) {
    return key;
  }

  @Override
  public boolean needsEventTime() {
    return true;
  }

  @Override
  public EventTimeSort sort() {
    return new EventTimeSort(key, List.of(), EventTimeSort.DEFAULT_MAX_ROWS);
  }

  @Override
  public Changes changes(List<Changes> inputs) {
    Changes rows = inputs.get(0);
    return calls.stream().anyMatch(OverCall.Lead.class::isInstance)
        ? Changes.retracts(rows.key() == null ? numbered() : rows.key())
        : rows;
  }

  /** The key and the number of a row in it, which name it; null where it has none. */
  private @Nullable List<String> numbered() {
    for (OverCall call : calls) {
      if (call instanceof OverCall.Numbering number
          && number.kind() == OverCall.Numbering.Kind.ROW_NUMBER) {
        List<String> names = new ArrayList<>(key);
        names.add(number.output());
        return names;
      }
    }
    return null;
  }

  /** Rows of one time are in the order of their arrival, which counts where rows are numbered. */
  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema input = inputs.get(0);
    Schema rows = passed(this, outputs.get(0));
    OverWindow over = over(tools.expressions(), tools.sketches());
    boolean isByTime =
        frame.unit() == Frame.Unit.RANGE
            && calls.stream()
                .allMatch(
                    call ->
                        call instanceof OverCall.Aggregate
                            || (call instanceof OverCall.Numbering number
                                && number.kind() != OverCall.Numbering.Kind.ROW_NUMBER));
    return new OperatorPlan(
        () -> over.operator(input, rows), List.of(over.outputSchema(rows, input), input), isByTime);
  }

  /** The fields of results that are those of the input. */
  static Schema passed(OperatorConfig config, Schema output) {
    return Schema.of(
        output.fields().stream()
            .filter(field -> config.origin(MAIN_PORT, field.name()) != null)
            .toList());
  }

  /** Collects the settings. Not thread-safe. */
  public static final class Builder {
    private final Frame frame;
    private List<String> key = List.of();
    private final List<OverCall> calls = new ArrayList<>();
    private @Nullable ErrorPolicy errors;

    private Builder(Frame frame) {
      this.frame = frame;
    }

    /** The fields whose rows are taken together. */
    public Builder withKey(String... fields) {
      key = List.of(fields);
      return this;
    }

    /** The number of a row among those of its key, from 1. */
    public Builder rowNumber(String output) {
      return call(new OverCall.Numbering(output, OverCall.Numbering.Kind.ROW_NUMBER));
    }

    /** The same, rows of one time alike, with gaps behind them. */
    public Builder rank(String output) {
      return call(new OverCall.Numbering(output, OverCall.Numbering.Kind.RANK));
    }

    /** The same, rows of one time alike, without gaps. */
    public Builder denseRank(String output) {
      return call(new OverCall.Numbering(output, OverCall.Numbering.Kind.DENSE_RANK));
    }

    /** A field of the row that is so many rows before; null if there is none. */
    public Builder lag(String output, String field, int rows) {
      return call(new OverCall.Lag(output, field, rows));
    }

    /**
     * A field of the row that is so many rows after; null while there is none. Results are a
     * changelog: a row leaves at once, and is replaced when that other one comes.
     */
    public Builder lead(String output, String field, int rows) {
      return call(new OverCall.Lead(output, field, rows, null));
    }

    /**
     * The same with something else than null.
     *
     * @param otherwise the plain value while there is none: a number, a text, true or false
     */
    public Builder lead(String output, String field, int rows, Object otherwise) {
      return call(new OverCall.Lead(output, field, rows, Objects.requireNonNull(otherwise)));
    }

    /** Aggregates over the frame. */
    public Builder aggregate(AggregateConfig aggregates) {
      aggregates.aggregations().forEach(call -> call(new OverCall.Aggregate(call)));
      return this;
    }

    private Builder call(OverCall call) {
      calls.add(call);
      return this;
    }

    /** What happens to rows that cannot be processed. */
    public Builder withErrorPolicy(ErrorPolicy policy) {
      errors = Objects.requireNonNull(policy);
      return this;
    }

    public OverConfig build() {
      return new OverConfig(key, frame, calls, errors);
    }
  }
}
