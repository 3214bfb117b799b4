package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.NESTED;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.NestedColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions of NESTED values. */
final class NestedFunctions {
  private NestedFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        StandardFunction.typed(
            "json_value(nested, 'path') → string",
            "The text of the scalar at a path such as '$.user.tags[0]' (elements count from 0 there,"
                + " as in SQL/JSON); null where there is none.",
            2,
            2,
            List.of(NESTED, STRING),
            NestedFunctions::jsonValue));
  }

  private static ScalarFunction.Binding jsonValue(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    List<Object> path = path(function, Arguments.constantText(function, arguments, 1, "the path"));
    return new ScalarFunction.Binding(
        STRING,
        List.of(NESTED, STRING),
        (rows, operands) -> {
          NestedColumn values = (NestedColumn) operands.get(0).evaluate(rows);
          return extract(rows, values, path);
        });
  }

  private static Column extract(Rows rows, NestedColumn values, List<Object> path) {
    return new RowLoops(rows, StandardFunction.failure(rows, "json_value"), values)
        .strings(row -> scalarAt(values.value(row), path));
  }

  private static @Nullable String scalarAt(Object value, List<Object> path) {
    Object current = value;
    for (Object key : path) {
      if (current == null) {
        return null;
      }
      current = AccessEvaluator.part(current, key);
    }
    return current == null || current instanceof Map || current instanceof List
        ? null
        : TextValues.text(current);
  }

  /** The steps of a path as {@link AccessEvaluator} takes them: positions count from 1. */
  private static List<Object> path(ScalarFunction function, String text) {
    List<Object> steps = new ArrayList<>();
    String rest = text.startsWith("$") ? text.substring(1) : "." + text;
    int at = 0;
    while (at < rest.length()) {
      int end = at + 1;
      boolean index = rest.charAt(at) == '[';
      while (end < rest.length()
          && (index ? rest.charAt(end) != ']' : ".[".indexOf(rest.charAt(end)) < 0)) {
        end++;
      }
      String step = rest.substring(at + 1, end);
      if (index && end < rest.length() && step.matches("[0-9]{1,9}")) {
        steps.add(Long.parseLong(step) + 1);
        end++;
      } else if (rest.charAt(at) == '.' && !step.isEmpty()) {
        steps.add(step);
      } else {
        throw Arguments.mismatch(function, "cannot follow the path '" + text + "'");
      }
      at = end;
    }
    return steps;
  }
}
