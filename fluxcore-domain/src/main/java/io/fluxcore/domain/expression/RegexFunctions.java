package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.BOOLEAN;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.kernel.TextTests;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of regular expressions, which are literals, so that they are compiled once. */
final class RegexFunctions {
  private RegexFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        StandardFunction.typed(
            "regexp_like(text, 'pattern') → boolean",
            "Whether some part of a string matches.",
            2,
            2,
            List.of(STRING),
            RegexFunctions::like),
        StandardFunction.typed(
            "regexp_extract(text, 'pattern' [, group]) → string",
            "What the first match captured in a group, by number (0 is the whole match, and what is"
                + " taken when left out) or by name; null where there is none.",
            2,
            3,
            List.of(STRING),
            RegexFunctions::extract),
        StandardFunction.typed(
            "regexp_replace(text, 'pattern', replacement) → string",
            "Each matching part replaced; $1 in the replacement stands for a group.",
            3,
            3,
            List.of(STRING),
            RegexFunctions::replace));
  }

  private static ScalarFunction.Binding like(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    RegexProgram program = program(function, arguments, context);
    return new ScalarFunction.Binding(
        BOOLEAN, List.of(STRING, STRING), new TextTestBody(TextTests.of(program::find)));
  }

  private static RegexProgram program(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    return context.regex().compile(Arguments.constantText(function, arguments, 1, "the pattern"));
  }

  private static ScalarFunction.Binding extract(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    RegexProgram program = program(function, arguments, context);
    if (arguments.size() == 2) {
      return new ScalarFunction.Binding(
          STRING,
          List.of(STRING, STRING),
          (rows, a) -> extract(rows, a, program, match -> match.group(0)));
    }
    Group group = group(function, program, arguments.get(2));
    return new ScalarFunction.Binding(
        STRING,
        List.of(STRING, STRING, arguments.get(2).type()),
        (rows, operands) -> extract(rows, operands, program, group));
  }

  /** Which group of a match is wanted. */
  @FunctionalInterface
  private interface Group {
    @Nullable String of(RegexMatch match);
  }

  private static Group group(ScalarFunction function, RegexProgram program, Operand argument) {
    Object group = argument.isConstant() ? argument.constant() : null;
    if (group instanceof String name) {
      return match -> match.group(name);
    }
    if (group instanceof Long number && number >= 0 && number <= program.groupCount()) {
      int index = number.intValue();
      return match -> match.group(index);
    }
    throw Arguments.mismatch(
        function,
        "needs for the group a name or a number from 0 to " + program.groupCount() + ", literally");
  }

  private static Column extract(
      Rows rows, List<Operand> arguments, RegexProgram program, Group group) {
    StringColumn texts = TextFunctions.text(rows, arguments, 0);
    return new RowLoops(rows, StandardFunction.failure(rows, "regexp_extract"), texts)
        .strings(
            row -> {
              RegexMatch match = program.findFirst(texts.value(row));
              return match == null ? null : group.of(match);
            });
  }

  private static ScalarFunction.Binding replace(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    RegexProgram program = program(function, arguments, context);
    return new ScalarFunction.Binding(
        STRING,
        List.of(STRING, STRING, STRING),
        (rows, operands) -> {
          StringColumn texts = TextFunctions.text(rows, operands, 0);
          StringColumn by = TextFunctions.text(rows, operands, 2);
          return new RowLoops(rows, StandardFunction.failure(rows, function.name()), texts, by)
              .strings(row -> replaced(program, texts.value(row), by.value(row)));
        });
  }

  private static String replaced(RegexProgram program, String text, String by) {
    try {
      return program.replaceAll(text, by);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("the replacement '" + by + "' names no group", e);
    }
  }
}
