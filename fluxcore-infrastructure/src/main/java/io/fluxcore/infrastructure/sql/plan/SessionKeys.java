package io.fluxcore.infrastructure.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.util.SqlShuttle;

/**
 * Writes {@code SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), gap)} as {@code SESSION(TABLE t,
 * DESCRIPTOR(ts), DESCRIPTOR(k), gap)}: the planner converts tables that are divided only where
 * subqueries become joins at once, which they do not here.
 */
final class SessionKeys extends SqlShuttle {
  private static final int TIME = 1;

  @Override
  public SqlNode visit(SqlCall call) {
    SqlNode visited = super.visit(call);
    if (visited instanceof SqlCall function
        && function.getOperator().getName().equalsIgnoreCase("SESSION")
        && function.operandCount() > TIME
        && function.operand(0).getKind() == SqlKind.SET_SEMANTICS_TABLE) {
      SqlCall table = function.operand(0);
      SqlNodeList keys = table.operand(1);
      List<SqlNode> operands = new ArrayList<>(function.getOperandList());
      operands.set(0, table.operand(0));
      if (!keys.isEmpty()) {
        SqlNode descriptor =
            SqlStdOperatorTable.DESCRIPTOR.createCall(
                keys.getParserPosition(), keys.getList().toArray(SqlNode[]::new));
        operands.add(TIME + 1, descriptor);
      }
      return function.getOperator().createCall(function.getParserPosition(), operands);
    }
    return visited;
  }
}
