package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import java.util.ArrayList;
import java.util.List;

/**
 * Aggregates per group and window of any kind: what a plan is made of. Its operators emit the
 * results on port 0 and rows that came too late on {@link WindowAggregation#LATE_PORT}. Immutable.
 */
public sealed interface WindowedAggregation permits SessionAggregation, WindowAggregation {
  /** Names of the fields that form the group, none for one group of all rows. */
  List<String> groupBy();

  /** What is computed. */
  List<AggregateCall> aggregates();

  /** Positions of the group's fields. */
  default int[] keyOrdinals(Schema input) {
    return groupBy().stream().mapToInt(input::ordinal).toArray();
  }

  /** The group's fields. */
  default List<Field> keyFields(Schema input) {
    return groupBy().stream().map(name -> input.field(input.ordinal(name))).toList();
  }

  /** Types of the group's fields. */
  default List<DataType> keyTypes(Schema input) {
    return keyFields(input).stream().map(Field::type).toList();
  }

  /** Group fields, window bounds, aggregates. */
  default Schema outputSchema(Schema input) {
    List<Field> fields = new ArrayList<>(keyFields(input));
    fields.add(new Field(WindowAggregation.WINDOW_START, DataType.TIMESTAMP_TZ));
    fields.add(new Field(WindowAggregation.WINDOW_END, DataType.TIMESTAMP_TZ));
    fields.addAll(AggregateProgram.compile(aggregates(), input).resultFields());
    return Schema.of(fields);
  }

  /** What {@link #preAggregate} sends: group fields first. */
  Schema partialSchema(Schema input);

  /**
   * Whether rows may be aggregated before the exchange: only where results do not show it. The
   * input must be insertions only.
   */
  boolean canPreAggregate(Schema input);

  /** Rows in, window results out. */
  Operator operator(Schema input);

  /**
   * Rows in, partial results out on port 0, and rows as they came on {@link
   * WindowAggregation#ROWS_PORT}.
   */
  Operator preAggregate(Schema input);

  /**
   * Partial results on input {@link WindowAggregation#PARTIALS_INPUT} and rows on {@link
   * WindowAggregation#ROWS_INPUT} in, window results out.
   */
  Operator finalAggregate(Schema input);
}
