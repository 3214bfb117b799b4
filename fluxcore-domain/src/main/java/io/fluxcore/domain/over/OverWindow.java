package io.fluxcore.domain.over;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is computed for each row of a key, of the rows before it in event time. Immutable.
 *
 * @param key names of the fields whose rows are taken together; none: all rows
 * @param frame which rows aggregates are over
 * @param calls what is computed
 * @param context what the aggregates are bound with; they can retract unless the frame is unbounded
 */
public record OverWindow(
    List<String> key, Frame frame, List<OverCall> calls, AggregateContext context) {
  public OverWindow {
    key = List.copyOf(key);
    calls = List.copyOf(calls);
    context = context.withChangelog(!frame.isUnbounded());
  }

  /** The aggregates among the calls. */
  public List<AggregateCall> aggregates() {
    return aggregates(calls);
  }

  /** The aggregates among calls. */
  public static List<AggregateCall> aggregates(List<OverCall> calls) {
    return calls.stream()
        .filter(OverCall.Aggregate.class::isInstance)
        .map(call -> ((OverCall.Aggregate) call).call())
        .toList();
  }

  /** The aggregates bound to a schema, for one operator. */
  AggregateProgram program(Schema schema) {
    return AggregateProgram.compile(aggregates(), schema, context);
  }

  /** The fields of a row, and what is computed for it. */
  public Schema outputSchema(Schema rows, Schema input) {
    return outputSchema(calls, program(input), rows, input);
  }

  /** The fields of a row, and what calls compute for it. */
  static Schema outputSchema(
      List<OverCall> calls, AggregateProgram program, Schema rows, Schema input) {
    List<Field> fields = new ArrayList<>(rows.fields());
    List<Field> results = program.resultFields();
    int aggregate = 0;
    for (OverCall call : calls) {
      if (call instanceof OverCall.Aggregate) {
        fields.add(results.get(aggregate++));
      } else {
        fields.add(new Field(call.output(), type(call, input)));
      }
    }
    return Schema.of(fields);
  }

  private static DataType type(OverCall call, Schema input) {
    if (call instanceof OverCall.Numbering number) {
      return number.kind().isShare() ? DataType.DOUBLE : DataType.LONG;
    }
    List<String> uses = uses(call);
    return uses.isEmpty() ? DataType.LONG : input.type(input.ordinal(uses.get(0)));
  }

  /**
   * What is kept of a row until it leaves: the fields that it leaves with and those of the calls.
   */
  Schema kept(Schema rows, Schema input) {
    return kept(calls, rows, input);
  }

  /** The fields that a row leaves with and those that calls read. */
  static Schema kept(List<OverCall> calls, Schema rows, Schema input) {
    Set<Field> fields = new LinkedHashSet<>(rows.fields());
    for (OverCall call : calls) {
      for (String name : uses(call)) {
        fields.add(input.field(input.ordinal(name)));
      }
    }
    return Schema.of(new ArrayList<>(fields));
  }

  /** The fields of the input that a call reads. */
  public static List<String> uses(OverCall call) {
    if (call instanceof OverCall.Lag lag) {
      return List.of(lag.field());
    }
    if (call instanceof OverCall.Lead lead) {
      return List.of(lead.field());
    }
    if (call instanceof OverCall.Value value) {
      return List.of(value.field());
    }
    return call instanceof OverCall.Aggregate aggregate ? aggregate.call().fields() : List.of();
  }

  /** How many rows back the calls look. */
  int longestLag() {
    return calls.stream()
        .filter(OverCall.Lag.class::isInstance)
        .mapToInt(call -> ((OverCall.Lag) call).rows())
        .max()
        .orElse(0);
  }

  /** Whether rows are replaced when later ones come. */
  public boolean looksAhead() {
    return calls.stream().anyMatch(OverCall.Lead.class::isInstance);
  }

  /**
   * Rows in, each with what is computed for it out. The rows of a key come in the order of their
   * times. Where the window {@link #looksAhead}, a row is replaced when a later one comes that it
   * looks at, with the time of that one.
   *
   * @param rows the fields of the input that rows leave with
   */
  public Operator operator(Schema input, Schema rows) {
    return new OverOperator(this, input, rows);
  }

  @Override
  public String toString() {
    return calls.stream().map(OverCall::toString).collect(Collectors.joining(", "))
        + " over "
        + frame
        + (key.isEmpty() ? "" : " by " + String.join(", ", key));
  }
}
