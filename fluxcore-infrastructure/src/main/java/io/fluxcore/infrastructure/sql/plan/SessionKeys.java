package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.window.Touching;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), gap)} as {@code SESSION(TABLE t,
 * DESCRIPTOR(ts), DESCRIPTOR(k), gap)}, also with the names of arguments: the planner converts
 * tables that are divided only where subqueries become joins at once, which they do not here. With
 * {@code TOUCHING => 'separate'} it is another function.
 */
final class SessionKeys extends SqlShuttle {
  private static final int TIME = 1;
  private static final String TOUCHING = "TOUCHING";

  private final SqlText source;

  /** For a query. */
  SessionKeys(SqlText source) {
    this.source = source;
  }

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

  private SqlNode session(SqlCall function) {
    SqlOperator operator = function.getOperator();
    List<SqlNode> operands = new ArrayList<>();
    SqlNode keys = null;
    for (SqlNode operand : function.getOperandList()) {
      boolean isNamed = operand.getKind() == SqlKind.ARGUMENT_ASSIGNMENT;
      SqlNode value = isNamed ? ((SqlCall) operand).operand(0) : operand;
      String name = isNamed ? ((SqlCall) operand).operand(1).toString() : "";
      if (name.equalsIgnoreCase(TOUCHING)) {
        operator = isSeparate(value) ? StreamOperators.SEPARATE_SESSION : operator;
        continue;
      }
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
    return operator.createCall(function.getParserPosition(), operands);
  }

  private boolean isSeparate(SqlNode value) {
    String text = value instanceof SqlCharStringLiteral literal ? literal.toValue() : "";
    for (Touching touching : Touching.values()) {
      if (touching.name().equalsIgnoreCase(text)) {
        return touching == Touching.SEPARATE;
      }
    }
    SqlParserPos position = value.getParserPosition();
    throw FluxCoreException.user(
        "FLX-QUERY-0074",
        source.placeOf(position.getLineNum(), position.getColumnNum()),
        value + " is nothing that touching sessions can do",
        "write 'merge' or 'separate'");
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
