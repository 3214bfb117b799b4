package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Writes the zone whose clocks cut windows into each call of a window function: the one that it
 * names itself by {@code TIMEZONE => '…'}, or that of the session. It is the last argument.
 */
final class WindowZones extends SqlShuttle {
  private static final Set<String> FUNCTIONS =
      Set.of("TUMBLE", "HOP", "CUMULATE", "SESSION", StreamOperators.SEPARATE_SESSION.getName());
  private static final String PARAMETER = "TIMEZONE";

  private final SqlText source;
  private final @Nullable ZoneId zone;

  /**
   * For a query.
   *
   * @param zone of the session; null: none
   */
  WindowZones(SqlText source, @Nullable ZoneId zone) {
    this.source = source;
    this.zone = zone;
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    SqlNode visited = super.visit(call);
    return visited instanceof SqlCall function && isWindow(function) ? zoned(function) : visited;
  }

  private static boolean isWindow(SqlCall call) {
    return FUNCTIONS.contains(call.getOperator().getName().toUpperCase(Locale.ROOT))
        && call.getOperandList().stream()
            .anyMatch(
                operand ->
                    value(operand) instanceof SqlCall time
                        && time.getOperator().getName().equalsIgnoreCase("DESCRIPTOR"));
  }

  private static boolean isNamed(SqlNode operand) {
    return operand.getKind() == SqlKind.ARGUMENT_ASSIGNMENT;
  }

  private static SqlNode value(SqlNode operand) {
    return isNamed(operand) ? ((SqlCall) operand).operand(0) : operand;
  }

  private static boolean isZone(SqlNode operand) {
    return isNamed(operand)
        ? ((SqlCall) operand).operand(1).toString().equalsIgnoreCase(PARAMETER)
        : operand instanceof SqlCharStringLiteral;
  }

  private SqlNode zoned(SqlCall function) {
    List<SqlNode> operands = new ArrayList<>();
    SqlNode own = null;
    for (SqlNode operand : function.getOperandList()) {
      if (isZone(operand)) {
        own = value(operand);
      } else {
        operands.add(operand);
      }
    }
    if (own != null) {
      check(own);
    } else if (zone != null) {
      own = SqlLiteral.createCharString(zone.getId(), function.getParserPosition());
    }
    if (own == null) {
      return function;
    }
    operands.add(isNamed(operands.get(0)) ? named(own) : own);
    return function.getOperator().createCall(function.getParserPosition(), operands);
  }

  private static SqlNode named(SqlNode value) {
    SqlParserPos position = value.getParserPosition();
    return SqlStdOperatorTable.ARGUMENT_ASSIGNMENT.createCall(
        position, value, new SqlIdentifier(PARAMETER, position));
  }

  private void check(SqlNode own) {
    String name = own instanceof SqlCharStringLiteral text ? text.toValue() : null;
    try {
      if (name != null) {
        ZoneId unused = ZoneId.of(name);
        return;
      }
    } catch (DateTimeException e) {
      // told below
    }
    SqlParserPos position = own.getParserPosition();
    throw FluxCoreException.user(
        "FLX-QUERY-0075",
        source.placeOf(position.getLineNum(), position.getColumnNum()),
        own + " is no time zone",
        "write a name or an offset as a text: 'Europe/Berlin', '+02:00'");
  }
}
