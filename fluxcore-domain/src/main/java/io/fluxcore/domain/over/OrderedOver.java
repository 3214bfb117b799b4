package io.fluxcore.domain.over;

import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is computed for each row of a key, of the rows around it in an order of fields. Rows that
 * come and rows that are taken back change what others come to: a changelog. Immutable.
 *
 * @param key names of the fields whose rows are taken together; none: all rows
 * @param orderBy the order; rows of one place are in that of their arrival. None: all are of one
 *     place
 * @param frame which rows aggregates are over
 * @param calls what is computed
 * @param context what the aggregates are bound with
 * @param life how long the rows of a key are remembered after the last one came; null: for ever
 */
public record OrderedOver(
    List<String> key,
    List<SortField> orderBy,
    Frame frame,
    List<OverCall> calls,
    AggregateContext context,
    @Nullable TimeToLive life) {
  public OrderedOver {
    key = List.copyOf(key);
    orderBy = List.copyOf(orderBy);
    calls = List.copyOf(calls);
    context = context.withChangelog(false);
  }

  /** The aggregates bound to a schema, for one operator. */
  AggregateProgram program(Schema schema) {
    return AggregateProgram.compile(OverWindow.aggregates(calls), schema, context);
  }

  /** The fields of a row, and what is computed for it. */
  public Schema outputSchema(Schema rows, Schema input) {
    return OverWindow.outputSchema(calls, program(input), rows, input);
  }

  /**
   * What is kept of a row: the fields that it leaves with, those of the calls, and the one that
   * frames are measured by.
   */
  Schema kept(Schema rows, Schema input) {
    Set<Field> fields = new LinkedHashSet<>(OverWindow.kept(calls, rows, input).fields());
    if (measured() != null) {
      fields.add(input.field(input.ordinal(measured())));
    }
    return Schema.of(new ArrayList<>(fields));
  }

  /** The field whose values bound the frame, or null where rows and places do. */
  public @Nullable String measured() {
    return frame.isMeasured() && !orderBy.isEmpty() ? orderBy.get(0).name() : null;
  }

  /** Whether frames can be bounded by values of this type. */
  public static boolean canMeasure(DataType type) {
    return OrderedFrames.canMeasure(type);
  }

  /**
   * Rows in, changes of what they come to out.
   *
   * @param rows the fields of the input that rows leave with
   */
  public Operator operator(Schema input, Schema rows) {
    return new OrderedOverOperator(this, input, rows);
  }

  @Override
  public String toString() {
    return calls.stream().map(OverCall::toString).collect(Collectors.joining(", "))
        + " over "
        + frame
        + (orderBy.isEmpty()
            ? ""
            : orderBy.stream()
                .map(SortField::toString)
                .collect(Collectors.joining(", ", " in order of ", "")))
        + (key.isEmpty() ? "" : " by " + String.join(", ", key))
        + (life == null ? "" : " (state lives " + life + ")");
  }
}
