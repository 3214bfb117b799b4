package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateSettings;
import io.fluxcore.domain.aggregate.ListOfValues;
import io.fluxcore.domain.aggregate.MapOfValues;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.core.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates that keep all values: a list of them, or a map, of which an expression makes the
 * result.
 *
 * @param function what collects the values
 * @param before the expression up to the collected values
 * @param after the expression behind them
 * @param type of the result
 */
record CollectedValues(Class<?> function, String before, String after, DataType type) {
  /** What Calcite puts behind the names of aggregates of JSON. */
  private static final String NULL_CLAUSE = "_(NULL|ABSENT)_ON_NULL$";

  /** Whether a call collects keys with their values. */
  static boolean takesPairs(org.apache.calcite.rel.core.AggregateCall call) {
    return call.getAggregation().getName().startsWith("JSON_OBJECTAGG");
  }

  /** How a call collects values; null if it does not. */
  static @Nullable CollectedValues of(
      Aggregate aggregate, org.apache.calcite.rel.core.AggregateCall call) {
    String name = call.getAggregation().getName().toUpperCase(Locale.ROOT);
    boolean isOnce = call.isDistinct() && call.hasCollation();
    String each = isOnce ? "array_distinct(" : "";
    String once = isOnce ? ")" : "";
    return switch (name.replaceAll(NULL_CLAUSE, "")) {
      case "ARRAY_AGG" -> new CollectedValues(ListOfValues.class, each, once, DataType.NESTED);
      case "LISTAGG", "STRING_AGG" ->
          new CollectedValues(
              ListOfValues.class,
              "array_join(" + each,
              once + ", " + RexText.quoted(LiteralArguments.separator(aggregate, call)) + ")",
              DataType.STRING);
      case "JSON_ARRAYAGG" -> {
        boolean keepsNulls = name.endsWith("_NULL_ON_NULL");
        yield new CollectedValues(
            ListOfValues.class,
            keepsNulls ? "json_string(" : "json_string(array_remove(",
            keepsNulls ? ")" : ", null))",
            DataType.STRING);
      }
      case "JSON_OBJECTAGG" -> {
        if (call.hasCollation()) {
          throw Unsupported.of(
              "JSON_OBJECTAGG has no order of its own", "leave out ORDER BY: keys have none");
        }
        if (name.endsWith("_ABSENT_ON_NULL")) {
          throw Unsupported.of(
              "JSON_OBJECTAGG with ABSENT ON NULL cannot be computed in a stream",
              "leave it out, or add FILTER (WHERE value IS NOT NULL)");
        }
        yield new CollectedValues(MapOfValues.class, "json_string(", ")", DataType.STRING);
      }
      default -> null;
    };
  }

  AggregateFunctions.Computation computation(String field, List<SortField> order, String output) {
    return new AggregateFunctions.Computation(
        order.isEmpty()
            ? AggregateCall.custom(function.getName(), field, output)
            : AggregateCall.of(
                AggregateCall.Kind.LIST, field, AggregateSettings.order(order), output),
        DataType.NESTED);
  }

  /** The result, of the field with the collected values. */
  Column result(Column collected) {
    return new Column(before + collected.expression() + after, type, Role.VALUE);
  }
}
