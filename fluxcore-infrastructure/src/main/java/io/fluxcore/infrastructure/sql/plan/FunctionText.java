package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueFunction;
import io.fluxcore.infrastructure.sql.catalogue.SqlTypes;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.catalogue.UserScalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** Writes calls of functions in the expression language. */
final class FunctionText {
  /** Functions of the standard and their names there. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("CHARACTER_LENGTH", "char_length"),
          Map.entry("CHAR_LENGTH", "char_length"),
          Map.entry("UPPER", "upper"),
          Map.entry("LOWER", "lower"),
          Map.entry("INITCAP", "initcap"),
          Map.entry("SUBSTRING", "substring"),
          Map.entry("REPLACE", "replace"),
          Map.entry("OVERLAY", "overlay"),
          Map.entry("ASCII", "ascii"),
          Map.entry("ABS", "abs"),
          Map.entry("CEIL", "ceil"),
          Map.entry("FLOOR", "floor"),
          Map.entry("POWER", "power"),
          Map.entry("SQRT", "sqrt"),
          Map.entry("CBRT", "cbrt"),
          Map.entry("LN", "ln"),
          Map.entry("LOG10", "log10"),
          Map.entry("EXP", "exp"),
          Map.entry("SIN", "sin"),
          Map.entry("COS", "cos"),
          Map.entry("TAN", "tan"),
          Map.entry("COT", "cot"),
          Map.entry("ASIN", "asin"),
          Map.entry("ACOS", "acos"),
          Map.entry("ATAN", "atan"),
          Map.entry("ATAN2", "atan2"),
          Map.entry("DEGREES", "degrees"),
          Map.entry("RADIANS", "radians"),
          Map.entry("PI", "pi"),
          Map.entry("RAND", "rand"),
          Map.entry("RAND_INTEGER", "rand_integer"),
          Map.entry("ROUND", "round"),
          Map.entry("TRUNCATE", "truncate"),
          Map.entry("SIGN", "sign"),
          Map.entry("COALESCE", "coalesce"),
          Map.entry("NULLIF", "nullif"),
          Map.entry("CARDINALITY", "cardinality"));

  private static final long MILLIS = 1000;
  private static final String DATE_AND_TIME = "yyyy-MM-dd HH:mm:ss";

  private final Function<RexNode, String> write;

  /**
   * Over what writes the arguments.
   *
   * @param write an expression of the type that SQL gives it
   */
  FunctionText(Function<RexNode, String> write) {
    this.write = write;
  }

  /** A call of a function. */
  String text(RexCall call) {
    SqlOperator operator = call.getOperator();
    List<RexNode> operands = call.getOperands();
    String special = special(call);
    if (special != null) {
      return special;
    }
    if (operator instanceof UserScalar user) {
      return user.call(written(operands));
    }
    if (operator instanceof CatalogueFunction function) {
      String text = called(function.nameInExpressions(), operands);
      return function.givesNested(call.getType())
          ? RexText.typed(text, DataType.NESTED, call.getType())
          : text;
    }
    String name = NAMES.get(operator.getName().toUpperCase(Locale.ROOT));
    if (name == null) {
      throw Unsupported.of(
          "there is no " + operator.getName() + " in streams",
          "SHOW FUNCTIONS lists what there is");
    }
    return called(name, operands);
  }

  private @Nullable String special(RexCall call) {
    SqlOperator operator = call.getOperator();
    List<RexNode> operands = call.getOperands();
    if (operator.equals(StreamOperators.TO_TIMESTAMP_LTZ)) {
      return instant(operands);
    }
    if (operator.equals(StreamOperators.FROM_UNIXTIME)) {
      String format = operands.size() > 1 ? text(operands, 1) : RexText.quoted(DATE_AND_TIME);
      String time = "from_epoch_millis(" + whole(operands.get(0)) + " * " + MILLIS + ")";
      return "date_format(" + time + ", " + format + ")";
    }
    if (operator.equals(StreamOperators.UNIX_TIMESTAMP)) {
      return operands.isEmpty() ? "extract('epoch', now())" : called("unix_timestamp", operands);
    }
    if (operator.equals(StreamOperators.LOCATE)) {
      String from = operands.size() > 2 ? ", " + text(operands, 2) : "";
      return "instr(" + text(operands, 1) + ", " + text(operands, 0) + from + ")";
    }
    if (operator.equals(StreamOperators.PROCTIME)) {
      throw Unsupported.of(
          "PROCTIME() has no value of its own", "declare a column: proctime AS PROCTIME()");
    }
    return switch (operator.getName().toUpperCase(Locale.ROOT)) {
      case "TYPEOF" ->
          RexText.quoted(SqlTypes.written(operands.get(0).getType()).replace("INTEGER", "INT"));
      case "CURRENT_TIMESTAMP" -> "now()";
      case "CURRENT_DATE" -> "cast(now() as date)";
      case "CURRENT_TIME", "LOCALTIME" ->
          DayTimeText.of("now()", call.getType().getPrecision(), false);
      case "LOCALTIMESTAMP" -> "cast(now() as timestamp)";
      case "POSITION" ->
          operands.size() == 2
              ? called("position", operands)
              : "instr("
                  + text(operands, 1)
                  + ", "
                  + text(operands, 0)
                  + ", "
                  + text(operands, 2)
                  + ")";
      case "ARRAY" -> "array(" + String.join(", ", written(operands)) + ")";
      case "MAP" -> "map(" + String.join(", ", written(operands)) + ")";
      case "ROW" -> row(operands, call.getType());
      case "ELEMENT" -> RexText.typed(called("element", operands), DataType.NESTED, call.getType());
      case "JSON_VALUE" -> JsonText.value(call, write);
      case "JSON_QUERY" -> JsonText.query(call, write);
      case "JSON_EXISTS" -> JsonText.exists(call, write);
      case "JSON_OBJECT" -> JsonText.constructor("json_object", call, write);
      case "JSON_ARRAY" -> JsonText.constructor("json_array", call, write);
      default -> JsonText.test(call, write);
    };
  }

  private String text(List<RexNode> operands, int index) {
    return write.apply(operands.get(index));
  }

  private List<String> written(List<RexNode> operands) {
    return operands.stream().map(write).toList();
  }

  private String called(String name, List<RexNode> operands) {
    return name + "(" + String.join(", ", written(operands)) + ")";
  }

  /** A row is a map of its fields. */
  private String row(List<RexNode> operands, RelDataType type) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      parts.add(RexText.quoted(type.getFieldList().get(i).getName()));
      parts.add(text(operands, i));
    }
    return "map(" + String.join(", ", parts) + ")";
  }

  /** A row under other names and types. */
  String castRow(RexNode operand, RelDataType to) {
    List<RelDataTypeField> from = operand.getType().getFieldList();
    List<String> parts = new ArrayList<>();
    String row = write.apply(operand);
    for (int i = 0; i < to.getFieldCount(); i++) {
      RelDataTypeField field = to.getFieldList().get(i);
      parts.add(RexText.quoted(field.getName()));
      String part =
          operand instanceof RexCall call && call.getOperator().getName().equals("ROW")
              ? write.apply(call.getOperands().get(i))
              : row + "[" + RexText.quoted(from.get(i).getName()) + "]";
      DataType held = SqlTypes.held(field.getType());
      parts.add(held.equals(DataType.NESTED) ? part : "cast(" + part + " as " + held + ")");
    }
    String made = "map(" + String.join(", ", parts) + ")";
    return operand.getType().isNullable() ? "if((" + row + ") is null, null, " + made + ")" : made;
  }

  /** An element of a list or map. */
  String item(RexNode of, RexNode key, RelDataType type) {
    boolean isNamed = key instanceof RexLiteral && SqlTypeUtil.isCharacter(key.getType());
    String text =
        isNamed && of.getType().getSqlTypeName() != SqlTypeName.ARRAY
            ? write.apply(of)
                + "["
                + RexText.quoted(
                    Objects.requireNonNull(((RexLiteral) key).getValueAs(NlsString.class))
                        .getValue())
                + "]"
            : "item(" + write.apply(of) + ", " + write.apply(key) + ")";
    return RexText.typed(text, DataType.NESTED, type);
  }

  private String instant(List<RexNode> operands) {
    boolean isMillis = true;
    if (operands.size() > 1) {
      if (!(operands.get(1) instanceof RexLiteral precision)) {
        throw Unsupported.of(
            "the precision of TO_TIMESTAMP_LTZ is not a constant",
            "write 3 for milliseconds or 0 for seconds");
      }
      isMillis = Objects.requireNonNull(precision.getValueAs(BigDecimal.class)).intValue() == 3;
    }
    return "from_epoch_millis(" + whole(operands.get(0)) + (isMillis ? ")" : " * " + MILLIS + ")");
  }

  private String whole(RexNode number) {
    boolean isLong = SqlTypes.held(number.getType()).equals(DataType.LONG);
    return isLong ? write.apply(number) : "cast(" + write.apply(number) + " as long)";
  }
}
