package io.fluxcore.infrastructure.sql.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code TUMBLE_END(ts, size)} of a query that is grouped by {@code TUMBLE(ts, size)} as
 * {@code TUMBLE_END(ts)}, which is asked of a group as aggregates are; so its like. What is not
 * grouped by keeps its arguments, and is refused for their number.
 */
final class GroupWindowBounds extends SqlShuttle {
  private final Deque<List<SqlNode>> groups = new ArrayDeque<>();

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    if (call instanceof SqlSelect select) {
      SqlNodeList group = select.getGroup();
      groups.push(group == null ? List.of() : List.copyOf(group.getList()));
      SqlNode visited = super.visit(call);
      groups.pop();
      return visited;
    }
    String name = name(call);
    boolean isBound = GroupWindows.isBound(name) && !name.endsWith("_START");
    if (isBound && call.operandCount() > 1 && isGroupedBy(call)) {
      SqlNode time = call.operand(0);
      return call.getOperator().createCall(call.getParserPosition(), time);
    }
    return super.visit(call);
  }

  private boolean isGroupedBy(SqlCall bound) {
    String name = name(bound);
    String window = name.substring(0, name.indexOf('_'));
    List<SqlNode> of = groups.isEmpty() ? List.of() : groups.getFirst();
    return of.stream()
        .anyMatch(
            group ->
                group instanceof SqlCall call
                    && name(call).equals(window)
                    && SqlNode.equalDeep(
                        call.getOperandList(), bound.getOperandList(), Litmus.IGNORE));
  }

  private static String name(SqlCall call) {
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    return name.startsWith("$") ? name.substring(1) : name;
  }
}
