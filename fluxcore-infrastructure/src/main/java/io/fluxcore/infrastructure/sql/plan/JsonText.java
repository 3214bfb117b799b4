package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.infrastructure.sql.catalogue.SqlTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlJsonConstructorNullClause;
import org.apache.calcite.sql.SqlJsonEmptyOrError;
import org.apache.calcite.sql.SqlJsonExistsErrorBehavior;
import org.apache.calcite.sql.SqlJsonQueryEmptyOrErrorBehavior;
import org.apache.calcite.sql.SqlJsonQueryWrapperBehavior;
import org.apache.calcite.sql.SqlJsonValueEmptyOrErrorBehavior;
import org.jspecify.annotations.Nullable;

/** Writes SQL/JSON in the expression language. */
final class JsonText {
  /** The kinds of JSON by the operators that ask for them. */
  private static final Map<String, String> KINDS =
      Map.of(
          "IS JSON VALUE", "value",
          "IS JSON OBJECT", "object",
          "IS JSON ARRAY", "array",
          "IS JSON SCALAR", "scalar");

  /** What the parser puts around a text that is JSON. */
  private static final String MARK = "JSON_TYPE";

  private JsonText() {}

  private static @Nullable Object symbol(RexNode node) {
    return node instanceof RexLiteral literal && literal.getValue() instanceof Enum<?> word
        ? word
        : null;
  }

  /** A document without the word that it is JSON. */
  private static String document(RexNode node, Function<RexNode, String> write) {
    boolean isMarked =
        node instanceof RexCall call
            && call.getOperands().size() == 1
            && call.getOperator().getName().equals(MARK);
    return write.apply(isMarked ? ((RexCall) node).getOperands().get(0) : node);
  }

  private static String word(Enum<?> symbol) {
    return RexText.quoted(symbol.name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }

  static String value(RexCall call, Function<RexNode, String> write) {
    List<RexNode> operands = call.getOperands();
    String onEmpty = "'null', null";
    String onError = "'null', null";
    boolean isSaid = false;
    String pending = "";
    for (RexNode operand : operands.subList(2, operands.size())) {
      Object symbol = symbol(operand);
      if (symbol instanceof SqlJsonValueEmptyOrErrorBehavior behaviour) {
        pending =
            behaviour == SqlJsonValueEmptyOrErrorBehavior.DEFAULT
                ? "'default', "
                : word(behaviour) + ", null";
      } else if (symbol instanceof SqlJsonEmptyOrError when) {
        isSaid = true;
        if (when == SqlJsonEmptyOrError.EMPTY) {
          onEmpty = pending;
        } else {
          onError = pending;
        }
      } else if (symbol == null && pending.endsWith(", ")) {
        pending += "cast(" + write.apply(operand) + " as string)";
      }
    }
    String text =
        "json_value("
            + document(operands.get(0), write)
            + ", "
            + write.apply(operands.get(1))
            + (isSaid ? ", " + onEmpty + ", " + onError : "")
            + ")";
    DataType held = SqlTypes.held(call.getType());
    return held.equals(DataType.STRING) || held.equals(DataType.NESTED)
        ? text
        : "try_cast(" + text + " as " + held + ")";
  }

  static String query(RexCall call, Function<RexNode, String> write) {
    List<RexNode> operands = call.getOperands();
    String wrapper = "'without'";
    List<String> behaviours = new ArrayList<>();
    for (RexNode operand : operands.subList(2, operands.size())) {
      Object symbol = symbol(operand);
      if (symbol instanceof SqlJsonQueryWrapperBehavior of) {
        wrapper =
            switch (of) {
              case WITHOUT_ARRAY -> "'without'";
              case WITH_CONDITIONAL_ARRAY -> "'conditional'";
              case WITH_UNCONDITIONAL_ARRAY -> "'unconditional'";
            };
      } else if (symbol instanceof SqlJsonQueryEmptyOrErrorBehavior behaviour) {
        behaviours.add(word(behaviour));
      }
    }
    while (behaviours.size() < 2) {
      behaviours.add("'null'");
    }
    String text =
        "json_query("
            + document(operands.get(0), write)
            + ", "
            + write.apply(operands.get(1))
            + ", "
            + wrapper
            + ", "
            + behaviours.get(0)
            + ", "
            + behaviours.get(1)
            + ")";
    return SqlTypes.held(call.getType()).equals(DataType.NESTED)
        ? "parse_json(" + text + ")"
        : text;
  }

  static String exists(RexCall call, Function<RexNode, String> write) {
    List<RexNode> operands = call.getOperands();
    String onError =
        operands.size() > 2 && symbol(operands.get(2)) instanceof SqlJsonExistsErrorBehavior of
            ? ", " + word(of)
            : "";
    return "json_exists("
        + document(operands.get(0), write)
        + ", "
        + write.apply(operands.get(1))
        + onError
        + ")";
  }

  /** JSON within JSON is no text. */
  static String constructor(String name, RexCall call, Function<RexNode, String> write) {
    List<String> arguments = new ArrayList<>();
    boolean isAbsent =
        symbol(call.getOperands().get(0)) == SqlJsonConstructorNullClause.ABSENT_ON_NULL;
    arguments.add(isAbsent ? "'absent'" : "'null'");
    for (RexNode operand : call.getOperands().subList(1, call.getOperands().size())) {
      arguments.add(
          isJson(operand) ? "parse_json(" + document(operand, write) + ")" : write.apply(operand));
    }
    return name + "(" + String.join(", ", arguments) + ")";
  }

  private static boolean isJson(RexNode node) {
    if (!(node instanceof RexCall call)) {
      return false;
    }
    return switch (call.getOperator().getName()) {
      case "JSON_OBJECT", "JSON_ARRAY", MARK -> true;
      default -> false;
    };
  }

  /** Whether a text is JSON; null if this is no such test. */
  static @Nullable String test(RexCall call, Function<RexNode, String> write) {
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    boolean isNegated = name.startsWith("IS NOT JSON");
    String kind = KINDS.get(name.replace("IS NOT", "IS"));
    if (kind == null) {
      return null;
    }
    String text =
        "coalesce(is_json("
            + document(call.getOperands().get(0), write)
            + ", "
            + RexText.quoted(kind)
            + "), false)";
    return isNegated ? "(not " + text + ")" : text;
  }
}
