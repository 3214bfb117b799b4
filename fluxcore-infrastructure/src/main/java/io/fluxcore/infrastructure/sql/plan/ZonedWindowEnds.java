package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * The ends, as instants, of windows that the clocks of a zone cut: for what has to know when such a
 * window has ended. They are a column behind the others, under the name by which operators know
 * them.
 */
final class ZonedWindowEnds {
  private final Draft draft;
  private final Relation results;

  /**
   * Of results of windows.
   *
   * @param results whose times are a millisecond before the ends
   */
  ZonedWindowEnds(Draft draft, Relation results) {
    this.draft = draft;
    this.results = results;
  }

  /** Whether one of the keys is the end of a window as the clocks of a zone show it. */
  static boolean areAmong(List<RexNode> keys, Relation input) {
    return keys.stream()
        .anyMatch(
            key ->
                key instanceof RexInputRef ref
                    && input.column(ref.getIndex()).role() == Role.RESULT_END
                    && input.column(ref.getIndex()).type().equals(DataType.TIMESTAMP));
  }

  /** The keys and the end as an instant. */
  List<RexNode> keys(List<RexNode> keys, RexBuilder builder) {
    List<RexNode> all = new ArrayList<>(keys);
    all.add(
        builder.makeInputRef(
            builder.getTypeFactory().createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE),
            results.columns().size()));
    return all;
  }

  /** The results with the ends. */
  Relation with() {
    List<Column> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Column column : results.columns()) {
      boolean isBound = column.role() == Role.RESULT_START || column.role() == Role.RESULT_END;
      String name = column.isVirtual() ? null : column.fieldName();
      columns.add(isBound ? column.withRole(Role.VALUE) : column);
      names.add(isBound ? "shown_" + name : name == null ? "f" + names.size() : name);
    }
    columns.add(
        new Column(
            "(event_time() + interval '1' millisecond)", DataType.TIMESTAMP_TZ, Role.RESULT_END));
    names.add(AggregateConfig.WINDOW_END);
    return draft.asFields(results.withColumns(columns), names);
  }

  /** Rows that were made of them: the same columns without the ends, and those behind them. */
  Relation without(Relation rows) {
    int size = results.columns().size();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Role role = results.column(i).role();
      boolean isBound = role == Role.RESULT_START || role == Role.RESULT_END;
      columns.add(isBound ? rows.column(i).withRole(role) : rows.column(i));
    }
    columns.addAll(rows.columns().subList(size + 1, rows.columns().size()));
    return rows.withColumns(columns);
  }
}
