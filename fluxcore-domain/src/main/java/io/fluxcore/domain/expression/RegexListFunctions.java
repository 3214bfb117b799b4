package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.NESTED;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Functions of all matches of a regular expression, which is a literal. */
final class RegexListFunctions {
  private RegexListFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        of(
            "regexp_count(text, 'pattern') → long",
            "How many parts match, none of which overlaps another.",
            LONG,
            (program, text) -> (long) program.findAll(text).size()),
        of(
            "regexp_instr(text, 'pattern') → long",
            "Where the first matching part begins, from 1, or 0.",
            LONG,
            RegexListFunctions::place),
        of(
            "regexp_substr(text, 'pattern') → string",
            "The first matching part; null where there is none.",
            STRING,
            (program, text) -> {
              RegexMatch match = program.findFirst(text);
              return match == null ? null : match.group(0);
            }),
        StandardFunction.typed(
            "regexp_extract_all(text, 'pattern' [, group]) → nested",
            "What each match captured in a group; in the first one, or, without groups, the whole"
                + " match unless it is said.",
            2,
            3,
            List.of(STRING),
            RegexListFunctions::extractAll));
  }

  private static long place(RegexProgram program, String text) {
    RegexMatch match = program.findFirst(text);
    return match == null ? 0 : text.codePointCount(0, match.start()) + 1L;
  }

  private static ScalarFunction of(
      String signature,
      String description,
      DataType result,
      BiFunction<RegexProgram, String, @Nullable Object> function) {
    return StandardFunction.typed(
        signature,
        description,
        2,
        2,
        List.of(STRING),
        (of, arguments, context) -> {
          RegexProgram program = program(of, arguments, context);
          return new ScalarFunction.Binding(
              result,
              List.of(STRING, STRING),
              StandardFunction.body(
                  of.name(), result, values -> function.apply(program, (String) values[0])));
        });
  }

  private static RegexProgram program(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    return context.regex().compile(Arguments.constantText(function, arguments, 1, "the pattern"));
  }

  private static ScalarFunction.Binding extractAll(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    RegexProgram program = program(function, arguments, context);
    long group = Math.min(1, program.groupCount());
    if (arguments.size() == 3) {
      Operand said = arguments.get(2);
      boolean isNumber = said.isConstant() && said.constant() instanceof Long;
      group = isNumber && said.constant() instanceof Long number ? number : -1;
      if (group < 0 || group > program.groupCount()) {
        throw Arguments.mismatch(
            function, "needs for the group a number from 0 to " + program.groupCount());
      }
    }
    int of = (int) group;
    return new ScalarFunction.Binding(
        NESTED,
        arguments.size() == 2 ? List.of(STRING, STRING) : List.of(STRING, STRING, LONG),
        StandardFunction.body(
            function.name(),
            NESTED,
            values -> {
              List<@Nullable Object> all = new ArrayList<>();
              program.findAll((String) values[0]).forEach(match -> all.add(match.group(of)));
              return all;
            }));
  }
}
