package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.aggregate.AggregateSettings;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.core.Aggregate;

/**
 * {@code LISTAGG} whose separator is another one in each row: it stands before the row's text, but
 * for the first. The texts are listed with their separators before them, and as much is cut off as
 * the separator of the first row is long.
 */
final class SeparatedTexts {
  private SeparatedTexts() {}

  /** Whether a call is one of these. */
  static boolean isOne(Aggregate aggregate, org.apache.calcite.rel.core.AggregateCall call) {
    return switch (call.getAggregation().getName()) {
      case "LISTAGG", "STRING_AGG" ->
          call.getArgList().size() == 2 && !LiteralArguments.hasSeparator(aggregate, call);
      default -> false;
    };
  }

  /** The text of each row with its separator, and the length of that. */
  static List<Column> columns(Relation from, org.apache.calcite.rel.core.AggregateCall call) {
    if (!call.hasCollation() || call.isDistinct()) {
      throw FluxCoreException.user(
          "FLX-QUERY-0061",
          Place.WHOLE,
          "the separator of " + call.getAggregation().getName() + " is no literal text",
          "write it literally, such as ', ', or say an order of rows without DISTINCT");
    }
    String text = from.column(call.getArgList().get(0)).expression();
    String separator = from.column(call.getArgList().get(1)).expression();
    String known = "coalesce(" + separator + ", '')";
    return List.of(
        new Column("concat(" + known + ", " + text + ")", DataType.STRING, Role.VALUE),
        new Column("length(" + known + ")", DataType.LONG, Role.VALUE));
  }

  /**
   * The result.
   *
   * @param fields those of the {@link #columns}
   * @param condition which rows are wanted; empty: all
   * @param taken names of fields that there are, and then those of the calls, too
   * @param calls to which those that it needs are added
   */
  static Column result(
      List<String> fields,
      List<SortField> order,
      String condition,
      Set<String> taken,
      List<AggregateCall> calls) {
    String present = fields.get(0) + " is not null";
    String rows = condition.isEmpty() ? present : "(" + condition + ") and " + present;
    List<Column> results = new ArrayList<>();
    for (AggregateCall.Kind kind : List.of(AggregateCall.Kind.LIST, AggregateCall.Kind.FIRST)) {
      String output = Draft.unused("separated", taken);
      taken.add(output);
      boolean isList = kind == AggregateCall.Kind.LIST;
      calls.add(
          AggregateCall.of(kind, fields.get(isList ? 0 : 1), AggregateSettings.order(order), output)
              .where(rows));
      results.add(Column.field(output, isList ? DataType.NESTED : DataType.LONG));
    }
    return new Column(
        "substring(array_join("
            + results.get(0).expression()
            + ", ''), "
            + results.get(1).expression()
            + " + 1)",
        DataType.STRING,
        Role.VALUE);
  }
}
