package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.BOOLEAN;
import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.kernel.TextTest;
import io.fluxcore.domain.expression.kernel.TextTests;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** Functions that ask something about strings. */
final class TextTestFunctions {
  private TextTestFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        length("length"),
        length("char_length"),
        StandardFunction.fixed(
            "position(part, text) → long",
            "Where a part begins, from 1, or 0; also position(part in text).",
            LONG,
            List.of(STRING, STRING),
            2,
            TextTestFunctions::position),
        test(
            "starts_with(text, prefix) → boolean",
            "Whether a string begins so.",
            TextTests::startsWith,
            String::startsWith),
        test(
            "ends_with(text, suffix) → boolean",
            "Whether a string ends so.",
            TextTests::endsWith,
            String::endsWith),
        test(
            "contains(text, part) → boolean",
            "Whether a string has this part.",
            TextTests::contains,
            String::contains));
  }

  private static StandardFunction length(String name) {
    return StandardFunction.fixed(
        name + "(text) → long",
        "How many characters.",
        LONG,
        List.of(STRING),
        1,
        (rows, arguments) -> {
          StringColumn texts = TextFunctions.text(rows, arguments, 0);
          return new RowLoops(rows, StandardFunction.failure(rows, name), texts)
              .longs(LONG, row -> Texts.length(texts.value(row)));
        });
  }

  private static Column position(Rows rows, List<Operand> arguments) {
    StringColumn parts = TextFunctions.text(rows, arguments, 0);
    StringColumn texts = TextFunctions.text(rows, arguments, 1);
    return new RowLoops(rows, StandardFunction.failure(rows, "position"), parts, texts)
        .longs(LONG, row -> Texts.position(parts.value(row), texts.value(row)));
  }

  /** A test that is made once where the second argument is a constant. */
  private static StandardFunction test(
      String signature,
      String description,
      Function<String, TextTest> constantTest,
      BiPredicate<String, String> rowTest) {
    return StandardFunction.typed(
        signature,
        description,
        2,
        2,
        List.of(STRING, STRING),
        (function, arguments, context) -> {
          Operand second = arguments.get(1);
          ScalarFunction.Body body =
              second.isConstant() && second.constant() instanceof String text
                  ? new TextTestBody(constantTest.apply(text))
                  : (rows, operands) -> testRows(rows, operands, function.name(), rowTest);
          return new ScalarFunction.Binding(BOOLEAN, List.of(STRING, STRING), body);
        });
  }

  private static Column testRows(
      Rows rows, List<Operand> operands, String name, BiPredicate<String, String> test) {
    StringColumn texts = TextFunctions.text(rows, operands, 0);
    StringColumn parts = TextFunctions.text(rows, operands, 1);
    return new RowLoops(rows, StandardFunction.failure(rows, name), texts, parts)
        .booleans(row -> test.test(texts.value(row), parts.value(row)));
  }
}
