package io.fluxcore.domain.changelog;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of each group over all of its rows, for ever: results are a changelog, in which each
 * replaces the one before of its group. Immutable.
 *
 * @param groupBy names of the fields that form the group, none for one group of all rows
 * @param aggregates what is computed
 * @param life how long a group is remembered after its last row; null: for ever
 * @param context what the aggregates are bound with
 */
public record GroupAggregation(
    List<String> groupBy,
    List<AggregateCall> aggregates,
    @Nullable TimeToLive life,
    AggregateContext context) {
  public GroupAggregation {
    groupBy = List.copyOf(groupBy);
    aggregates = List.copyOf(aggregates);
  }

  /** The aggregates bound to a schema, for one operator. */
  public AggregateProgram program(Schema input) {
    return AggregateProgram.compile(aggregates, input, context);
  }

  /** Group fields, then aggregates. */
  public Schema outputSchema(Schema input) {
    List<Field> fields = new ArrayList<>();
    for (String name : groupBy) {
      fields.add(input.field(input.ordinal(name)));
    }
    fields.addAll(program(input).resultFields());
    return Schema.of(fields);
  }

  /** Rows in, changes of results out. */
  public Operator operator(Schema input) {
    return new GroupAggregateOperator(this, input);
  }

  @Override
  public String toString() {
    return "all rows"
        + (groupBy.isEmpty() ? "" : " by " + String.join(", ", groupBy))
        + ": "
        + aggregates.stream().map(AggregateCall::computation).collect(Collectors.joining(", "));
  }
}
