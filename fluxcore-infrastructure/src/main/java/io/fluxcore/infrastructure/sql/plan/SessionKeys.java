package io.fluxcore.infrastructure.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), gap)} as {@code SESSION(TABLE t,
 * DESCRIPTOR(ts), DESCRIPTOR(k), gap)}, also with the names of arguments: the planner converts
 * tables that are divided only where subqueries become joins at once, which they do not here.
 */
final class SessionKeys extends SqlShuttle {
  private static final int TIME = 1;

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    SqlNode visited = super.visit(call);
    if (visited instanceof SqlCall function
        && function.getOperator().getName().equalsIgnoreCase("SESSION")
        && function.operandCount() > TIME) {
      return session(function);
    }
    return visited;
  }

  private static SqlNode session(SqlCall function) {
    List<SqlNode> operands = new ArrayList<>();
    SqlNode keys = null;
    for (SqlNode operand : function.getOperandList()) {
      boolean isNamed = operand.getKind() == SqlKind.ARGUMENT_ASSIGNMENT;
      SqlNode value = isNamed ? ((SqlCall) operand).operand(0) : operand;
      String name = isNamed ? ((SqlCall) operand).operand(1).toString() : "";
      if (value.getKind() == SqlKind.SET_SEMANTICS_TABLE) {
        SqlNodeList columns = ((SqlCall) value).operand(1);
        keys = columns.isEmpty() ? null : argument(descriptor(columns), isNamed ? "KEY" : "");
        value = ((SqlCall) value).operand(0);
      }
      operands.add(argument(value, name.equals("GAP") ? "SIZE" : name));
    }
    if (keys != null) {
      operands.add(TIME + 1, keys);
    }
    return function.getOperator().createCall(function.getParserPosition(), operands);
  }

  private static SqlNode descriptor(SqlNodeList keys) {
    return SqlStdOperatorTable.DESCRIPTOR.createCall(
        keys.getParserPosition(), keys.getList().toArray(SqlNode[]::new));
  }

  private static SqlNode argument(SqlNode value, String name) {
    if (name.isEmpty()) {
      return value;
    }
    SqlParserPos position = value.getParserPosition();
    return SqlStdOperatorTable.ARGUMENT_ASSIGNMENT.createCall(
        position, value, new SqlIdentifier(name, position));
  }
}
