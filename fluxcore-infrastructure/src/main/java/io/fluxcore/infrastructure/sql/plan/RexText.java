package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.infrastructure.sql.catalogue.SqlTypes;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.catalogue.UserMacro;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;

/**
 * Writes scalar expressions in the expression language, over the fields that the columns of a
 * relation are read from. Immutable.
 */
final class RexText {
  /** Infix operators that both languages have. */
  private static final Map<SqlKind, String> INFIX =
      Map.ofEntries(
          Map.entry(SqlKind.EQUALS, "="),
          Map.entry(SqlKind.NOT_EQUALS, "<>"),
          Map.entry(SqlKind.LESS_THAN, "<"),
          Map.entry(SqlKind.LESS_THAN_OR_EQUAL, "<="),
          Map.entry(SqlKind.GREATER_THAN, ">"),
          Map.entry(SqlKind.GREATER_THAN_OR_EQUAL, ">="),
          Map.entry(SqlKind.AND, "and"),
          Map.entry(SqlKind.OR, "or"),
          Map.entry(SqlKind.TIMES, "*"),
          Map.entry(SqlKind.DIVIDE, "/"),
          Map.entry(SqlKind.MOD, "%"),
          Map.entry(SqlKind.IS_DISTINCT_FROM, "is distinct from"),
          Map.entry(SqlKind.IS_NOT_DISTINCT_FROM, "is not distinct from"));

  private static final Map<SqlKind, String> POSTFIX =
      Map.of(
          SqlKind.IS_NULL, "is null",
          SqlKind.IS_NOT_NULL, "is not null",
          SqlKind.IS_TRUE, "is true",
          SqlKind.IS_NOT_TRUE, "is not true",
          SqlKind.IS_FALSE, "is false",
          SqlKind.IS_NOT_FALSE, "is not false",
          SqlKind.IS_UNKNOWN, "is null");

  private final List<Column> columns;
  private final RexBuilder builder;
  private final boolean knowsWatermark;

  RexText(List<Column> columns, RexBuilder builder) {
    this(columns, builder, false);
  }

  private RexText(List<Column> columns, RexBuilder builder, boolean knowsWatermark) {
    this.columns = columns;
    this.builder = builder;
    this.knowsWatermark = knowsWatermark;
  }

  /** Of what a filter or a projection computes, which the watermark comes by. */
  static RexText withWatermark(List<Column> columns, RexBuilder builder) {
    return new RexText(columns, builder, true);
  }

  /** An expression of the type that SQL gives it. */
  String text(RexNode node) {
    String text = write(RexUtil.expandSearch(builder, null, node));
    boolean isTyped =
        node instanceof RexInputRef
            || node.getKind() == SqlKind.CAST
            || node.getKind() == SqlKind.SAFE_CAST;
    return node.getType().getSqlTypeName() == SqlTypeName.DECIMAL && !isTyped
        ? "cast(" + text + " as " + SqlTypes.held(node.getType()) + ")"
        : text; // digits of decimals are counted otherwise in the expression language
  }

  private String write(RexNode node) {
    if (node instanceof RexInputRef ref) {
      return column(ref.getIndex(), ref.getType());
    }
    if (node instanceof RexLiteral literal) {
      return literal(literal);
    }
    if (node instanceof RexFieldAccess access) {
      return typed(
          write(access.getReferenceExpr()) + "[" + quoted(access.getField().getName()) + "]",
          DataType.NESTED,
          access.getType());
    }
    if (node instanceof RexCall call) {
      return call(call);
    }
    throw Unsupported.of(
        "'" + node + "' cannot be computed in a stream", "write it without " + node.getKind());
  }

  private String column(int ordinal, RelDataType wanted) {
    Column column = columns.get(ordinal);
    if (column.isVirtual()) {
      throw Unsupported.of(
          "a processing time has no value of its own",
          "use it as the time of a window or of an order, or take a column of the record");
    }
    return typed(column.expression(), column.type(), wanted);
  }

  /** With a cast where SQL's type is held otherwise. */
  static String typed(String text, DataType is, RelDataType wanted) {
    if (wanted.getSqlTypeName() == SqlTypeName.ANY) {
      return text;
    }
    DataType held = SqlTypes.held(wanted);
    if (DayTimeText.isTime(wanted) && !held.equals(is)) {
      return DayTimeText.of(text, is, wanted, false);
    }
    return held.equals(is) || held.equals(DataType.NESTED)
        ? text
        : "cast(" + text + " as " + held + ")";
  }

  /** A time as an instant. */
  static String instant(Column time) {
    return time.type().equals(DataType.TIMESTAMP_TZ)
        ? time.expression()
        : "cast(" + time.expression() + " as " + DataType.TIMESTAMP_TZ + ")";
  }

  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String literal(RexLiteral literal) {
    RelDataType type = literal.getType();
    if (literal.isNull()) {
      return type.getSqlTypeName() == SqlTypeName.NULL
          ? "null"
          : "cast(null as " + SqlTypes.held(type) + ")";
    }
    if (SqlTypeUtil.isInterval(type)) {
      return interval(literal, type);
    }
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> String.valueOf(literal.getValueAs(Boolean.class));
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          value(literal, BigDecimal.class).toBigInteger().toString();
      case FLOAT, REAL, DOUBLE -> doubleText(value(literal, Double.class));
      case DECIMAL -> decimal(value(literal, BigDecimal.class), type);
      case CHAR, VARCHAR -> quoted(value(literal, NlsString.class).getValue());
      case DATE -> "date " + quoted(value(literal, DateString.class).toString());
      case TIME -> quoted(value(literal, TimeString.class).toString());
      case TIMESTAMP -> "timestamp " + quoted(value(literal, TimestampString.class).toString());
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          "timestamp "
              + quoted(value(literal, TimestampString.class).toString().replace(' ', 'T') + "Z");
      default ->
          throw Unsupported.of(
              "the literal " + literal + " of type " + type + " cannot be held in a stream",
              "write a number, a text, a date or a timestamp");
    };
  }

  private static String doubleText(double value) {
    String text = BigDecimal.valueOf(value).toString();
    return text.contains("E") ? text.replace("E+", "e").replace('E', 'e') : text + "e0";
  }

  private static String decimal(BigDecimal value, RelDataType type) {
    BigDecimal scaled = value.scale() < type.getScale() ? value.setScale(type.getScale()) : value;
    return scaled.scale() > 0
        ? scaled.toPlainString()
        : "cast(" + scaled.toPlainString() + " as " + SqlTypes.held(type) + ")";
  }

  private static String interval(RexLiteral literal, RelDataType type) {
    BigDecimal value = value(literal, BigDecimal.class);
    boolean isMonths = SqlTypeName.YEAR_INTERVAL_TYPES.contains(type.getSqlTypeName());
    return "interval "
        + quoted(value.toBigInteger().toString())
        + (isMonths ? " month" : " millisecond");
  }

  private static <T> T value(RexLiteral literal, Class<T> type) {
    T value = literal.getValueAs(type);
    if (value == null) {
      throw new IllegalStateException("a literal without a value: " + literal);
    }
    return value;
  }

  private String call(RexCall call) {
    Column bound = GroupWindows.bound(call, columns);
    if (bound != null && !bound.isVirtual()) {
      return typed(bound.expression(), bound.type(), call.getType());
    }
    SqlOperator operator = call.getOperator();
    List<RexNode> operands = call.getOperands();
    String parts =
        call.getKind() == SqlKind.TIMES ? TimeText.partsOfSecond(call, this::write) : null;
    if (parts != null) {
      return parts;
    }
    String infix = INFIX.get(call.getKind());
    if (infix != null && operands.size() >= 2) {
      return infix(call, infix);
    }
    String postfix = POSTFIX.get(call.getKind());
    if (postfix != null) {
      return "(" + write(operands.get(0)) + " " + postfix + ")";
    }
    switch (call.getKind()) {
      case NOT -> {
        return "(not " + write(operands.get(0)) + ")";
      }
      case PLUS, MINUS -> {
        String moved = TimeText.moved(call, this::reckoned);
        String sign = call.getKind() == SqlKind.PLUS ? "+" : "-";
        return ofDay(call, moved == null ? infix(call, sign) : moved);
      }
      case MINUS_PREFIX -> {
        return "(- " + write(operands.get(0)) + ")"; // two signs would begin a comment
      }
      case PLUS_PREFIX -> {
        return write(operands.get(0));
      }
      case CASE -> {
        return cases(operands);
      }
      case CAST -> {
        return cast(call, "cast");
      }
      case SAFE_CAST -> {
        return cast(call, "try_cast");
      }
      case REINTERPRET -> {
        return reinterpret(call);
      }
      case LIKE -> {
        return "("
            + write(operands.get(0))
            + " like "
            + write(operands.get(1))
            + (operands.size() > 2 ? " escape " + write(operands.get(2)) : "")
            + ")";
      }
      case EXTRACT -> {
        return TimeText.extract(unit(operands.get(0)), reckoned(operands.get(1)));
      }
      case TRIM -> {
        return trim(operands);
      }
      case FLOOR -> {
        if (operands.size() == 2) {
          return truncated("date_trunc", operands);
        }
      }
      case CEIL -> {
        if (operands.size() == 2) {
          return truncated("date_ceil", operands);
        }
      }
      case SIMILAR -> {
        return TimeText.similar(operands, this::write);
      }
      case ITEM -> {
        return new FunctionText(this::write).item(operands.get(0), operands.get(1), call.getType());
      }
      default -> {}
    }
    if (operator.getName().equals("||")) {
      return infix(call, "||");
    }
    if (operator.equals(StreamOperators.CURRENT_WATERMARK)) {
      return watermark(operands.get(0), call.getType());
    }
    if (operator instanceof UserMacro macro) {
      return text(macro.expanded(operands, builder));
    }
    return new FunctionText(this::write).text(call);
  }

  private String watermark(RexNode time, RelDataType type) {
    if (!knowsWatermark) {
      throw Unsupported.of(
          "CURRENT_WATERMARK is neither in SELECT nor in WHERE",
          "select it in a query below, and use its column");
    }
    Role role = time instanceof RexInputRef ref ? columns.get(ref.getIndex()).role() : Role.VALUE;
    if (role != Role.EVENT_TIME && role != Role.CHANGE_TIME) {
      throw Unsupported.of(
          "CURRENT_WATERMARK is asked of a column that is not the time of events",
          "name the column that has WATERMARK FOR in CREATE TABLE, as it is");
    }
    // the last time that WATERMARK FOR has given, of which rows are not late yet
    return typed("(current_watermark() + interval '1' millisecond)", DataType.TIMESTAMP_TZ, type);
  }

  private String truncated(String function, List<RexNode> operands) {
    return ofDay(
        operands.get(0),
        function + "(" + quoted(unit(operands.get(1))) + ", " + reckoned(operands.get(0)) + ")");
  }

  /** A value that is reckoned with: a time of day as a timestamp. */
  private String reckoned(RexNode node) {
    return DayTimeText.isTime(node.getType()) ? DayTimeText.timestamp(write(node)) : write(node);
  }

  /** What was reckoned, as the time of day that a node is. */
  private static String ofDay(RexNode node, String reckoned) {
    return DayTimeText.isTime(node.getType())
        ? DayTimeText.of(reckoned, DataType.TIMESTAMP, node.getType(), false)
        : reckoned;
  }

  private String infix(RexCall call, String operator) {
    boolean isReckoning = call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS;
    List<String> texts =
        call.getOperands().stream().map(isReckoning ? this::reckoned : this::write).toList();
    return "(" + String.join(" " + operator + " ", texts) + ")";
  }

  private String cases(List<RexNode> operands) {
    StringBuilder text = new StringBuilder("case");
    for (int i = 0; i + 1 < operands.size(); i += 2) {
      text.append(" when ").append(write(operands.get(i)));
      text.append(" then ").append(write(operands.get(i + 1)));
    }
    return text.append(" else ")
        .append(write(operands.get(operands.size() - 1)))
        .append(" end")
        .toString();
  }

  private String cast(RexCall call, String word) {
    RexNode operand = call.getOperands().get(0);
    String difference = TimeText.difference(operand, call.getType(), this::reckoned);
    if (difference != null) {
      return difference;
    }
    if (SqlTypeUtil.isInterval(operand.getType()) || SqlTypeUtil.isInterval(call.getType())) {
      return write(operand);
    }
    if (call.getType().isStruct() && operand.getType().isStruct()) {
      return new FunctionText(this::write).castRow(operand, call.getType());
    }
    if (call.getType().getSqlTypeName() == SqlTypeName.ANY) {
      return write(operand);
    }
    DataType to = SqlTypes.held(call.getType());
    boolean isUntyped = operand.getType().getSqlTypeName() == SqlTypeName.ANY;
    if (DayTimeText.isTime(call.getType())) {
      return castToTime(operand, call.getType(), word.equals("try_cast"));
    }
    if (DayTimeText.isTime(operand.getType()) && !to.equals(DataType.STRING)) {
      return word + "(" + reckoned(operand) + " as " + to + ")";
    }
    if (!isUntyped && SqlTypes.held(operand.getType()).equals(to)) {
      return text(operand);
    }
    return word + "(" + write(operand) + " as " + to + ")";
  }

  private String castToTime(RexNode operand, RelDataType to, boolean tries) {
    boolean isSame =
        DayTimeText.isTime(operand.getType())
            && operand.getType().getPrecision() <= to.getPrecision();
    return isSame
        ? write(operand)
        : DayTimeText.of(write(operand), SqlTypes.held(operand.getType()), to, tries);
  }

  private String reinterpret(RexCall call) {
    RexNode operand = call.getOperands().get(0);
    String units = TimeText.units(operand, this::reckoned);
    return units == null ? write(operand) : units;
  }

  private static String unit(RexNode flag) {
    Object value = ((RexLiteral) flag).getValue();
    String name =
        value instanceof TimeUnitRange range && range.startUnit != null
            ? range.startUnit.name()
            : String.valueOf(value);
    return name.toLowerCase(Locale.ROOT);
  }

  private String trim(List<RexNode> operands) {
    SqlTrimFunction.Flag flag =
        ((RexLiteral) operands.get(0)).getValueAs(SqlTrimFunction.Flag.class);
    String name =
        flag == SqlTrimFunction.Flag.LEADING
            ? "ltrim"
            : flag == SqlTrimFunction.Flag.TRAILING ? "rtrim" : "trim";
    return name + "(" + write(operands.get(2)) + ", " + write(operands.get(1)) + ")";
  }
}
