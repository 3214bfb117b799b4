package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.infrastructure.sql.catalogue.AggregateOperators;
import io.fluxcore.infrastructure.sql.statement.ReservedFunctions;
import io.fluxcore.infrastructure.sql.statement.ReservedFunctions.Position;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Gives aggregates the operators that they have here, which the parser decides for some of them,
 * and says where nulls are in orders of their own: where the smallest value is, as everywhere.
 */
final class AggregateCalls extends SqlShuttle {
  private final ReservedFunctions source;

  AggregateCalls(ReservedFunctions source) {
    this.source = source;
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    SqlNode visited = super.visit(call);
    if (!(visited instanceof SqlCall seen)) {
      return visited;
    }
    SqlParserPos at = seen.getParserPosition();
    if (seen.getOperator().equals(SqlStdOperatorTable.PERCENTILE_CONT)) {
      return AggregateOperators.PERCENTILE_CONT.createCall(at, seen.getOperandList());
    }
    if (seen.getOperator().equals(SqlStdOperatorTable.PERCENTILE_DISC)) {
      return AggregateOperators.PERCENTILE_DISC.createCall(at, seen.getOperandList());
    }
    if (seen.getKind() == SqlKind.WITHIN_GROUP) {
      return seen.getOperator().createCall(at, seen.operand(0), withNulls(seen.operand(1)));
    }
    boolean isInOrder =
        (seen.getKind() == SqlKind.ARRAY_AGG || seen.getKind() == SqlKind.STRING_AGG)
            && seen.operandCount() > 1
            && seen.operand(seen.operandCount() - 1) instanceof SqlNodeList;
    return isInOrder ? withinGroup(seen) : seen;
  }

  /** The order that stands behind the arguments behind the parentheses. */
  private SqlCall withinGroup(SqlCall call) {
    SqlParserPos at = call.getParserPosition();
    int last = call.operandCount() - 1;
    String name = source.inOrder().get(new Position(at.getLineNum(), at.getColumnNum()));
    SqlOperator operator =
        name == null
            ? call.getOperator()
            : name.equals("FIRST_VALUE")
                ? AggregateOperators.FIRST_VALUE
                : AggregateOperators.LAST_VALUE;
    SqlCall plain =
        operator.createCall(
            call.getFunctionQuantifier(), at, call.getOperandList().subList(0, last));
    return SqlStdOperatorTable.WITHIN_GROUP.createCall(at, plain, withNulls(call.operand(last)));
  }

  private static SqlNodeList withNulls(SqlNodeList order) {
    SqlNodeList told = new SqlNodeList(order.getParserPosition());
    for (SqlNode by : order) {
      boolean isTold = by.getKind() == SqlKind.NULLS_FIRST || by.getKind() == SqlKind.NULLS_LAST;
      SqlParserPos at = by.getParserPosition();
      told.add(
          isTold
              ? by
              : by.getKind() == SqlKind.DESCENDING
                  ? SqlStdOperatorTable.NULLS_LAST.createCall(at, by)
                  : SqlStdOperatorTable.NULLS_FIRST.createCall(at, by));
    }
    return told;
  }
}
