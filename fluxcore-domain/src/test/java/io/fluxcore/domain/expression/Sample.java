package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row whose fields stand on the nasty points, between two rows that are not selected and whose
 * values would be errors nearly everywhere. Expressions over fields are evaluated by column;
 * expressions over literals are folded.
 */
final class Sample {
  static final long EVENT_TIME = 1_700_000_000_123L;

  private record Cell(DataType type, @Nullable Object value, @Nullable Object other) {}

  private static final Map<String, Cell> CELLS = new LinkedHashMap<>();

  static {
    DataType money = DataType.decimal(10, 2);
    DataType wide = DataType.decimal(38, 4);
    longCell("zero", 0L);
    longCell("one", 1L);
    longCell("minus", -1L);
    longCell("seven", 7L);
    longCell("max", Long.MAX_VALUE);
    longCell("min", Long.MIN_VALUE);
    longCell("nolong", null);
    cell("dzero", DataType.DOUBLE, 0.0, Double.NaN);
    cell("dminuszero", DataType.DOUBLE, -0.0, Double.NaN);
    cell("half", DataType.DOUBLE, 0.5, Double.NaN);
    cell("dbig", DataType.DOUBLE, 1e300, Double.NaN);
    cell("nan", DataType.DOUBLE, Double.NaN, 0.0);
    cell("infinity", DataType.DOUBLE, Double.POSITIVE_INFINITY, 0.0);
    cell("nodouble", DataType.DOUBLE, null, 0.0);
    cell("price", money, new BigDecimal("12.34"), new BigDecimal("99999999.99"));
    cell("cent", money, new BigDecimal("-0.01"), new BigDecimal("99999999.99"));
    cell("noprice", money, null, new BigDecimal("99999999.99"));
    cell("wide", wide, new BigDecimal("1234567890123456789012345.6789"), BigDecimal.ZERO);
    cell("nines", wide, new BigDecimal("9".repeat(34) + ".9999"), BigDecimal.ZERO);
    cell("hello", DataType.STRING, "hello", "99");
    cell("empty", DataType.STRING, "", "99");
    cell("spaced", DataType.STRING, "  a b ", "99");
    cell("number", DataType.STRING, " 42 ", "x");
    cell("smile", DataType.STRING, "a😀b", "99");
    cell("notext", DataType.STRING, null, "99");
    cell("yes", DataType.BOOLEAN, true, false);
    cell("no", DataType.BOOLEAN, false, true);
    cell("maybe", DataType.BOOLEAN, null, true);
    cell("day", DataType.DATE, LocalDate.of(2024, 2, 29), LocalDate.EPOCH);
    cell("noday", DataType.DATE, null, LocalDate.EPOCH);
    LocalDateTime local = LocalDateTime.of(2024, 2, 29, 13, 14, 15, 678_901_000);
    cell("clock", DataType.TIMESTAMP, local, local);
    cell(
        "early",
        DataType.TIMESTAMP,
        LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000),
        local);
    Instant instant = Instant.parse("2024-02-29T13:14:15.678901Z");
    cell("instant", DataType.TIMESTAMP_TZ, instant, instant);
    cell("noinstant", DataType.TIMESTAMP_TZ, null, instant);
    cell("bytes", DataType.BYTES, "hi".getBytes(StandardCharsets.UTF_8), new byte[0]);
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", "Ada");
    tree.put("age", 36L);
    tree.put("score", 1.5);
    tree.put("ok", true);
    tree.put("tags", List.of("x", "y"));
    tree.put("born", "1815-12-10");
    cell("nested", DataType.NESTED, tree, "99");
    cell("nonested", DataType.NESTED, null, "99");
    cell("odd name", DataType.LONG, 3L, 0L);
  }

  private static void longCell(String name, @Nullable Long value) {
    cell(name, DataType.LONG, value, Long.MIN_VALUE);
  }

  private static void cell(
      String name, DataType type, @Nullable Object value, @Nullable Object other) {
    CELLS.put(name, new Cell(type, value, other));
  }

  static final Schema SCHEMA =
      Schema.of(
          CELLS.entrySet().stream().map(e -> new Field(e.getKey(), e.getValue().type)).toList());

  static final ExpressionContext CONTEXT = ExpressionContext.of(JdkRegexCompiler.INSTANCE);

  static final ExpressionContext BERLIN = CONTEXT.withZone(ZoneId.of("Europe/Berlin"));

  static final EventBatch BATCH = batch();

  /** What came of an expression for the row. */
  record Outcome(@Nullable Object value, List<String> errors) {}

  private Sample() {}

  private static EventBatch batch() {
    Column[] columns = new Column[SCHEMA.size()];
    int i = 0;
    for (Cell cell : CELLS.values()) {
      ColumnBuilder builder = new ColumnBuilder(cell.type, 3);
      builder.append(cell.other);
      builder.append(cell.value);
      builder.append(cell.other);
      columns[i++] = builder.build();
    }
    long[] times = {EventBatch.NO_TIMESTAMP, EVENT_TIME, Long.MAX_VALUE};
    return EventBatch.of(SCHEMA, columns, times, 3).withSelection(new int[] {1}, 1);
  }

  static Outcome outcome(String text, ExpressionContext context) {
    List<String> errors = new ArrayList<>();
    CompiledExpression compiled = Expression.parse(text).compile(SCHEMA, context);
    Column column =
        compiled.evaluate(
            BATCH,
            (row, error) ->
                errors.add(error.code() + " in row " + row + ": " + error.getMessage()));
    if (column.size() != 3 || !column.type().equals(compiled.type())) {
      throw new AssertionError(text + " gave " + column.size() + " rows of " + column.type());
    }
    return new Outcome(column.get(1), errors);
  }

  /** The value for the row; any error is thrown. */
  static @Nullable Object value(String text) {
    return value(text, CONTEXT);
  }

  static @Nullable Object value(String text, ExpressionContext context) {
    Outcome outcome = outcome(text, context);
    if (!outcome.errors.isEmpty()) {
      throw new AssertionError(text + ": " + outcome.errors);
    }
    return outcome.value;
  }

  /** The code of the only error of the row, whose value must be null. */
  static String error(String text) {
    Outcome outcome = outcome(text, CONTEXT);
    if (outcome.errors.size() != 1 || outcome.value != null) {
      throw new AssertionError(text + ": " + outcome);
    }
    return outcome.errors.get(0).substring(0, "FLX-EXPR-0000".length());
  }

  static DataType type(String text) {
    return Expression.parse(text).compile(SCHEMA, CONTEXT).type();
  }

  /** Whether the row passes a filter. */
  static boolean passes(String text) {
    int[] rows = new int[1];
    int count =
        Expression.parse(text)
            .compilePredicate(SCHEMA, CONTEXT)
            .select(BATCH, rows, io.fluxcore.domain.event.RowErrors.THROW);
    return count == 1 && rows[0] == 1;
  }
}
