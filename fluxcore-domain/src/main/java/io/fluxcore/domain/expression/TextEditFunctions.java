package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.BOOLEAN;
import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.NESTED;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IllegalFormatException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Functions that edit strings, take them apart, or ask of what characters they are. */
final class TextEditFunctions {
  private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)");

  private TextEditFunctions() {}

  static List<ScalarFunction> all() {
    List<ScalarFunction> all = new ArrayList<>();
    all.addAll(edits());
    all.addAll(parts());
    all.add(
        asks(
            "is_alpha(text) → boolean",
            "Whether all characters are letters.",
            Character::isLetter));
    all.add(
        asks("is_digit(text) → boolean", "Whether all characters are digits.", Character::isDigit));
    all.add(
        StandardFunction.fixed(
            "is_decimal(text) → boolean",
            "Whether it is a number such as -12.5; false where it is null.",
            BOOLEAN,
            List.of(STRING),
            1,
            StandardFunction.nullableBody(
                "is_decimal",
                BOOLEAN,
                values -> values[0] != null && NUMBER.matcher((String) values[0]).matches())));
    return all;
  }

  private static ScalarFunction asks(String signature, String description, IntPredicate test) {
    return StandardFunction.fixed(
        signature,
        description.replace(".", "; false where it is empty or null."),
        BOOLEAN,
        List.of(STRING),
        1,
        StandardFunction.nullableBody(
            signature,
            BOOLEAN,
            values ->
                values[0] instanceof String text
                    && !text.isEmpty()
                    && text.codePoints().allMatch(test)));
  }

  private static List<ScalarFunction> edits() {
    return List.of(
        StandardFunction.ofValues(
            "initcap(text) → string",
            "The first letter of each word in upper case, the others in lower case.",
            STRING,
            List.of(STRING),
            1,
            values -> capitalized((String) values[0])),
        StandardFunction.ofValues(
            "repeat(text, times) → string",
            "So many times in a row.",
            STRING,
            List.of(STRING, LONG),
            2,
            values -> repeated((String) values[0], (Long) values[1])),
        StandardFunction.ofValues(
            "overlay(text, by, from [, length]) → string",
            "With a part, as long as the new one unless it is said, replaced.",
            STRING,
            List.of(STRING, STRING, LONG, LONG),
            3,
            values ->
                overlaid(
                    (String) values[0],
                    (String) values[1],
                    (Long) values[2],
                    values.length > 3 ? (Long) values[3] : Texts.length((String) values[1]))),
        StandardFunction.ofValues(
            "translate(text, from, to) → string",
            "Each character of the second replaced by that of the third in its place, or left out.",
            STRING,
            List.of(STRING, STRING, STRING),
            3,
            values -> translated((String) values[0], (String) values[1], (String) values[2])),
        StandardFunction.typed(
            "printf(format, value, …) → string",
            "The values in a format of java.util.Formatter.",
            1,
            Integer.MAX_VALUE,
            List.of(),
            TextEditFunctions::format));
  }

  private static List<ScalarFunction> parts() {
    return List.of(
        StandardFunction.ofValues(
            "instr(text, part [, from [, occurrence]]) → long",
            "Where a part begins, from 1, or 0; from a position on (before its end where that is"
                + " negative), the occurrence of this number.",
            LONG,
            List.of(STRING, STRING, LONG, LONG),
            2,
            values ->
                place(
                    (String) values[0],
                    (String) values[1],
                    values.length > 2 ? (Long) values[2] : 1,
                    values.length > 3 ? (Long) values[3] : 1)),
        StandardFunction.ofValues(
            "split(text, delimiter) → nested",
            "The parts between delimiters; the characters where the delimiter is empty.",
            NESTED,
            List.of(STRING, STRING),
            2,
            values -> split((String) values[0], (String) values[1])),
        StandardFunction.ofValues(
            "str_to_map(text [, pairs, keys]) → nested",
            "The map of a text such as 'a=1,b=2'; pairs are separated by ',' and keys by '=' unless"
                + " it is said.",
            NESTED,
            List.of(STRING, STRING, STRING),
            1,
            TextEditFunctions::map),
        StandardFunction.typed(
            "elt(index, text, …) → string",
            "The text in this place, from 1; null where there is none.",
            2,
            Integer.MAX_VALUE,
            List.of(LONG, STRING),
            (function, arguments, context) -> {
              List<DataType> parameters =
                  new ArrayList<>(Collections.nCopies(arguments.size(), STRING));
              parameters.set(0, LONG);
              return new ScalarFunction.Binding(
                  STRING,
                  parameters,
                  StandardFunction.nullableBody(
                      "elt",
                      STRING,
                      values ->
                          values[0] instanceof Long index && index >= 1 && index < values.length
                              ? values[index.intValue()]
                              : null));
            }));
  }

  private static String capitalized(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean isWithin = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      boolean isPart = Character.isLetterOrDigit(c);
      out.appendCodePoint(
          isWithin || !isPart ? Character.toLowerCase(c) : Character.toTitleCase(c));
      isWithin = isPart;
      i += Character.charCount(c);
    }
    return out.toString();
  }

  private static String repeated(String text, long times) {
    if (times > 0 && times * (double) text.length() > Texts.LONGEST) {
      throw new IllegalArgumentException(
          times + " times the text would be more than " + Texts.LONGEST + " characters");
    }
    return times <= 0 || text.isEmpty() ? "" : text.repeat((int) times);
  }

  /** As Flink: without a change where the position is not within the text. */
  private static String overlaid(String text, String by, long from, long length) {
    int size = Texts.length(text);
    if (from <= 0 || from > size) {
      return text;
    }
    boolean isToEnd = length < 0 || from - 1 + length > size;
    return Texts.left(text, from - 1) + by + (isToEnd ? "" : Texts.substring(text, from + length));
  }

  private static String translated(String text, String from, String to) {
    int[] olds = from.codePoints().toArray();
    int[] news = to.codePoints().toArray();
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int at = 0;
              while (at < olds.length && olds[at] != c) {
                at++;
              }
              if (at == olds.length) {
                out.appendCodePoint(c);
              } else if (at < news.length) {
                out.appendCodePoint(news[at]);
              }
            });
    return out.toString();
  }

  private static ScalarFunction.Binding format(
      ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context) {
    List<DataType> parameters = new ArrayList<>();
    parameters.add(STRING);
    arguments.stream().skip(1).forEach(argument -> parameters.add(argument.type()));
    return new ScalarFunction.Binding(
        STRING,
        parameters,
        StandardFunction.nullableBody("printf", STRING, TextEditFunctions::formatted));
  }

  /** Null where the format is, or does not go with the values, as in Flink. */
  private static @Nullable String formatted(@Nullable Object[] values) {
    if (!(values[0] instanceof String format)) {
      return null;
    }
    @Nullable Object[] arguments = new @Nullable Object[values.length - 1];
    System.arraycopy(values, 1, arguments, 0, arguments.length);
    try {
      return String.format(Locale.ROOT, format, arguments);
    } catch (IllegalFormatException e) {
      return null;
    }
  }

  private static long place(String text, String part, long from, long occurrence) {
    if (from == 0 || occurrence < 1) {
      return 0;
    }
    int[] in = text.codePoints().toArray();
    int[] of = part.codePoints().toArray();
    int step = from > 0 ? 1 : -1;
    long at = from > 0 ? from - 1 : in.length + from;
    long left = occurrence;
    for (; at >= 0 && at < in.length; at += step) {
      if (matches(in, (int) at, of) && --left == 0) {
        return at + 1;
      }
    }
    return of.length == 0 && in.length == 0 ? 1 : 0;
  }

  private static boolean matches(int[] in, int at, int[] of) {
    for (int i = 0; i < of.length; i++) {
      if (at + i >= in.length || in[at + i] != of[i]) {
        return false;
      }
    }
    return true;
  }

  private static List<String> split(String text, String delimiter) {
    List<String> parts = new ArrayList<>();
    if (delimiter.isEmpty()) {
      text.codePoints().forEach(c -> parts.add(Character.toString(c)));
      return parts;
    }
    int from = 0;
    for (int at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, from)) {
      parts.add(text.substring(from, at));
      from = at + delimiter.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static Map<String, @Nullable Object> map(Object[] values) {
    String pairs = values.length > 1 ? (String) values[1] : ",";
    String keys = values.length > 2 ? (String) values[2] : "=";
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (String pair : split((String) values[0], pairs)) {
      int at = keys.isEmpty() ? -1 : pair.indexOf(keys);
      map.put(
          at < 0 ? pair : pair.substring(0, at),
          at < 0 ? null : pair.substring(at + keys.length()));
    }
    return map;
  }
}
