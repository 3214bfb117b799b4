package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.StringColumn.OfDictionary;
import io.fluxcore.domain.expression.RowLoops.ObjectAt;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Functions that make strings of strings. */
final class TextFunctions {
  private TextFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        mapped("upper", "In upper case.", text -> text.toUpperCase(Locale.ROOT)),
        mapped("lower", "In lower case.", text -> text.toLowerCase(Locale.ROOT)),
        mapped("reverse", "The characters from last to first.", Texts::reversed),
        trimming("trim", "Without spaces, or these characters, at both ends.", true, true),
        trimming("ltrim", "Without spaces, or these characters, at the start.", true, false),
        trimming("rtrim", "Without spaces, or these characters, at the end.", false, true),
        StandardFunction.fixed(
            "substring(text, from [, length]) → string",
            "The characters from a position on; also substring(text from 2 for 3).",
            STRING,
            List.of(STRING, LONG, LONG),
            2,
            TextFunctions::substring),
        cutting("left(text, count) → string", "The first characters.", true),
        cutting("right(text, count) → string", "The last characters.", false),
        padding("lpad(text, length [, padding]) → string", "Filled up or cut to a length.", true),
        padding("rpad(text, length [, padding]) → string", "Filled up or cut to a length.", false),
        StandardFunction.fixed(
            "replace(text, part, by) → string",
            "Each occurrence of a part replaced.",
            STRING,
            List.of(STRING, STRING, STRING),
            3,
            TextFunctions::replace),
        StandardFunction.fixed(
            "split_index(text, delimiter, index) → string",
            "The part between delimiters, counted from 0; null where there is none.",
            STRING,
            List.of(STRING, STRING, LONG),
            3,
            TextFunctions::splitIndex),
        StandardFunction.variadic(
            "concat(text, …) → string",
            "All joined, null if one is null.",
            STRING,
            1,
            TextFunctions::concatenate),
        StandardFunction.variadic(
            "concat_ws(separator, text, …) → string",
            "All that are not null joined with a separator between them.",
            STRING,
            1,
            TextFunctions::concatenateWithSeparator));
  }

  static StringColumn text(Rows rows, List<Operand> arguments, int index) {
    return (StringColumn) arguments.get(index).evaluate(rows);
  }

  static LongColumn number(Rows rows, List<Operand> arguments, int index) {
    return (LongColumn) arguments.get(index).evaluate(rows);
  }

  private static RowLoops loops(Rows rows, String name, Column... columns) {
    return new RowLoops(rows, StandardFunction.failure(rows, name), columns);
  }

  private static StandardFunction mapped(
      String name, String description, UnaryOperator<String> function) {
    return StandardFunction.fixed(
        name + "(text) → string",
        description,
        STRING,
        List.of(STRING),
        1,
        (rows, arguments) -> map(rows, text(rows, arguments, 0), function));
  }

  /** Of a dictionary that is not larger than the selection, only the entries are mapped. */
  private static Column map(Rows rows, StringColumn column, UnaryOperator<String> function) {
    if (column instanceof OfDictionary coded && coded.dictionary().length <= rows.count()) {
      String[] entries = new String[coded.dictionary().length];
      for (int i = 0; i < entries.length; i++) {
        entries[i] = function.apply(coded.dictionary()[i]);
      }
      return StringColumn.ofDictionary(coded.size(), coded.codes(), entries, coded.nulls());
    }
    return loops(rows, "", column).strings(row -> function.apply(column.value(row)));
  }

  private static StandardFunction trimming(
      String name, String description, boolean atStart, boolean atEnd) {
    return StandardFunction.fixed(
        name + "(text [, characters]) → string",
        description,
        STRING,
        List.of(STRING, STRING),
        1,
        (rows, arguments) -> {
          StringColumn texts = text(rows, arguments, 0);
          if (arguments.size() == 1) {
            return map(rows, texts, text -> Texts.trim(text, " ", atStart, atEnd));
          }
          StringColumn sets = text(rows, arguments, 1);
          return loops(rows, name, texts, sets)
              .strings(row -> Texts.trim(texts.value(row), sets.value(row), atStart, atEnd));
        });
  }

  private static Column substring(Rows rows, List<Operand> arguments) {
    StringColumn texts = text(rows, arguments, 0);
    LongColumn starts = number(rows, arguments, 1);
    if (arguments.size() == 2) {
      return loops(rows, "substring", texts, starts)
          .strings(row -> Texts.substring(texts.value(row), starts.value(row)));
    }
    LongColumn lengths = number(rows, arguments, 2);
    return loops(rows, "substring", texts, starts, lengths)
        .strings(row -> Texts.substring(texts.value(row), starts.value(row), lengths.value(row)));
  }

  private static StandardFunction cutting(String signature, String description, boolean left) {
    return StandardFunction.fixed(
        signature,
        description,
        STRING,
        List.of(STRING, LONG),
        2,
        (rows, arguments) -> {
          StringColumn texts = text(rows, arguments, 0);
          LongColumn counts = number(rows, arguments, 1);
          ObjectAt<String> cut =
              left
                  ? row -> Texts.left(texts.value(row), counts.value(row))
                  : row -> Texts.right(texts.value(row), counts.value(row));
          return loops(rows, left ? "left" : "right", texts, counts).strings(cut);
        });
  }

  private static StandardFunction padding(String signature, String description, boolean atStart) {
    return StandardFunction.fixed(
        signature,
        description,
        STRING,
        List.of(STRING, LONG, STRING),
        2,
        (rows, arguments) -> {
          String name = atStart ? "lpad" : "rpad";
          StringColumn texts = text(rows, arguments, 0);
          LongColumn lengths = number(rows, arguments, 1);
          if (arguments.size() == 2) {
            return loops(rows, name, texts, lengths)
                .strings(row -> Texts.padded(texts.value(row), lengths.value(row), " ", atStart));
          }
          StringColumn paddings = text(rows, arguments, 2);
          return loops(rows, name, texts, lengths, paddings)
              .strings(
                  row ->
                      Texts.padded(
                          texts.value(row), lengths.value(row), paddings.value(row), atStart));
        });
  }

  private static Column replace(Rows rows, List<Operand> arguments) {
    StringColumn texts = text(rows, arguments, 0);
    StringColumn parts = text(rows, arguments, 1);
    StringColumn by = text(rows, arguments, 2);
    return loops(rows, "replace", texts, parts, by)
        .strings(
            row -> {
              String part = parts.value(row);
              String whole = texts.value(row);
              return part.isEmpty() ? whole : whole.replace(part, by.value(row));
            });
  }

  private static Column splitIndex(Rows rows, List<Operand> arguments) {
    StringColumn texts = text(rows, arguments, 0);
    StringColumn delimiters = text(rows, arguments, 1);
    LongColumn indexes = number(rows, arguments, 2);
    return loops(rows, "split_index", texts, delimiters, indexes)
        .strings(row -> Texts.part(texts.value(row), delimiters.value(row), indexes.value(row)));
  }

  /** All joined; null where one is null. */
  static Column concatenate(Rows rows, List<Operand> arguments) {
    StringColumn[] columns = texts(rows, arguments);
    return loops(rows, "concat", columns)
        .strings(
            row -> {
              StringBuilder joined = new StringBuilder();
              for (StringColumn column : columns) {
                joined.append(column.value(row));
              }
              return joined.toString();
            });
  }

  private static Column concatenateWithSeparator(Rows rows, List<Operand> arguments) {
    StringColumn[] columns = texts(rows, arguments);
    return loops(rows, "concat_ws", columns[0])
        .strings(
            row -> {
              StringBuilder joined = new StringBuilder();
              String separator = "";
              for (int i = 1; i < columns.length; i++) {
                if (!columns[i].isNull(row)) {
                  joined.append(separator).append(columns[i].value(row));
                  separator = columns[0].value(row);
                }
              }
              return joined.toString();
            });
  }

  private static StringColumn[] texts(Rows rows, List<Operand> arguments) {
    StringColumn[] columns = new StringColumn[arguments.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = text(rows, arguments, i);
    }
    return columns;
  }
}
