package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.topology.WindowShape;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Windows that are grouped by, as SQL had them before window functions: {@code GROUP BY
 * TUMBLE(time, INTERVAL …)}, with {@code TUMBLE_START} and its like for what is known of them
 * afterwards.
 */
final class GroupWindows {
  private GroupWindows() {}

  /** Whether an expression is the window of a row. */
  static boolean isWindow(RexNode expression) {
    return expression instanceof RexCall call
        && switch (call.getOperator().getName()) {
          case "$TUMBLE", "$HOP", "$SESSION" -> true;
          default -> false;
        };
  }

  /** The rows whose windows these expressions are, with the time of these windows as their own. */
  static Relation timed(List<RexNode> expressions, Relation rows, Draft draft) {
    for (RexNode expression : expressions) {
      if (isWindow(expression)
          && ((RexCall) expression).getOperands().get(0) instanceof RexInputRef time
          && rows.column(time.getIndex()).role() == Role.EARLIER_TIME) {
        return draft.timed(rows, time.getIndex());
      }
    }
    return rows;
  }

  /**
   * The windows that a call means.
   *
   * @param ofSession the zone of the session, whose clocks cut windows of instants; null: none
   */
  static WindowConfig windows(
      RexCall call,
      Relation input,
      UnaryOperator<WindowConfig> settings,
      @Nullable ZoneId ofSession) {
    List<RexNode> operands = call.getOperands();
    String name = call.getOperator().getName().substring(1);
    Role role =
        operands.get(0) instanceof RexInputRef time
            ? input.column(time.getIndex()).role()
            : Role.VALUE;
    WindowCalls.requireTime(name, role);
    int most = name.equals("HOP") ? 3 : 2;
    if (operands.size() > most || input.windows() != null) {
      throw Unsupported.of(
          "GROUP BY " + name + " with a time of alignment, or over the rows of other windows",
          "use the window function " + name + " in FROM, which has an offset");
    }
    ZoneId zone =
        operands.get(0).getType().getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
            ? ofSession
            : null;
    Duration length = WindowCalls.duration(operands.get(1));
    WindowShape shape =
        switch (name) {
          case "TUMBLE" -> new WindowShape.Tumbling(length, Duration.ZERO, zone);
          case "HOP" ->
              new WindowShape.Sliding(
                  WindowCalls.duration(operands.get(2)), length, Duration.ZERO, zone);
          default -> new WindowShape.Session(length, zone);
        };
    return settings.apply(WindowCalls.config(shape, role));
  }

  /** What is asked of the window of a result, or null if an expression is nothing of the kind. */
  static @Nullable Column bound(RexNode expression, List<Column> columns) {
    if (!(expression instanceof RexCall call)
        || call.getOperands().isEmpty()
        || !(call.getOperands().get(0) instanceof RexInputRef window)
        || columns.get(window.getIndex()).role() != Role.RESULT_WINDOW) {
      return null;
    }
    return bound(call.getOperator().getName());
  }

  /** Whether a function of a group asks for what is known of its window. */
  static boolean isBound(String function) {
    return function.matches("(TUMBLE|HOP|SESSION)_(START|END|ROWTIME|PROCTIME)");
  }

  /** What a function asks of the window of a result, or null if it is none of the kind. */
  static @Nullable Column bound(String function) {
    String asked = function.substring(function.indexOf('_') + 1);
    return switch (asked) {
      case "START" ->
          Column.field(AggregateConfig.WINDOW_START, DataType.TIMESTAMP_TZ, Role.RESULT_START);
      case "END" ->
          Column.field(AggregateConfig.WINDOW_END, DataType.TIMESTAMP_TZ, Role.RESULT_END);
      case "ROWTIME" -> WindowCalls.windowTime(AggregateConfig.WINDOW_END, Role.EVENT_TIME, null);
      case "PROCTIME" -> new Column("", DataType.TIMESTAMP_TZ, Role.PROCESSING_TIME);
      default -> null;
    };
  }
}
