package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Batches of edge values and nulls, with and without a selection, strings in all three forms. */
final class RandomBatches {
  static final List<BinaryOperator> ARITHMETIC =
      List.of(
          BinaryOperator.ADD,
          BinaryOperator.SUBTRACT,
          BinaryOperator.MULTIPLY,
          BinaryOperator.DIVIDE,
          BinaryOperator.REMAINDER);

  static final Schema SCHEMA =
      Schema.builder()
          .field("l1", DataType.LONG)
          .field("l2", DataType.LONG)
          .field("d1", DataType.DOUBLE)
          .field("d2", DataType.DOUBLE)
          .field("p1", DataType.decimal(10, 2))
          .field("p2", DataType.decimal(20, 3))
          .field("s1", DataType.STRING)
          .field("s2", DataType.STRING)
          .field("b1", DataType.BOOLEAN)
          .field("b2", DataType.BOOLEAN)
          .field("t1", DataType.DATE)
          .field("t2", DataType.DATE)
          .field("c1", DataType.TIMESTAMP)
          .field("c2", DataType.TIMESTAMP)
          .build();

  private static final long[] LONGS = {
    Long.MIN_VALUE, Long.MIN_VALUE + 1, -123, -7, -1, 0, 1, 2, 3, 7, 123, Long.MAX_VALUE
  };
  private static final double[] DOUBLES = {
    Double.NaN,
    Double.NEGATIVE_INFINITY,
    -1e300,
    -1.5,
    -0.0,
    0.0,
    0.5,
    1,
    7,
    1e300,
    Double.POSITIVE_INFINITY
  };
  private static final String[] TEXTS = {
    "",
    " ",
    "a",
    "b",
    "A",
    "ab",
    "abc",
    " a ",
    "%",
    "_",
    "a😀b",
    "é",
    "\uFFFD",
    "😀",
    "aaaaaaaab",
    "aaaaaaaac",
    "it's"
  };
  private static final String[] DECIMALS = {
    "0.00", "0.01", "-0.01", "1.00", "-12.34", "7.00", "99999999.99", "-99999999.99"
  };

  private RandomBatches() {}

  static String field(Kind kind, Random random) {
    List<String> names =
        SCHEMA.fields().stream().filter(f -> f.type().kind() == kind).map(f -> f.name()).toList();
    return names.get(random.nextInt(names.size()));
  }

  static Object value(Kind kind, Random random) {
    return switch (kind) {
      case LONG -> LONGS[random.nextInt(LONGS.length)];
      case DOUBLE -> DOUBLES[random.nextInt(DOUBLES.length)];
      case DECIMAL -> new BigDecimal(DECIMALS[random.nextInt(DECIMALS.length)]);
      case STRING -> TEXTS[random.nextInt(TEXTS.length)];
      case BOOLEAN -> random.nextBoolean();
      case DATE -> LocalDate.ofEpochDay(random.nextInt(5) - 2);
      case TIMESTAMP -> LocalDateTime.of(1970, 1, 1, 0, 0).plusHours(12L * (random.nextInt(9) - 4));
      default -> throw new AssertionError(kind);
    };
  }

  static EventBatch batch(Random random, int rowCount) {
    Column[] columns = new Column[SCHEMA.size()];
    for (int i = 0; i < columns.length; i++) {
      DataType type = SCHEMA.type(i);
      int nullsIn = random.nextInt(3) == 0 ? Integer.MAX_VALUE : 4;
      List<@Nullable Object> values = new ArrayList<>();
      for (int row = 0; row < rowCount; row++) {
        values.add(
            random.nextInt(nullsIn) == 0 && nullsIn == 4 ? null : value(type.kind(), random));
      }
      columns[i] = type.kind() == Kind.STRING ? text(values, random) : column(type, values);
      if (columns[i] instanceof DecimalColumn decimals && random.nextBoolean()) {
        columns[i] = inLongs(decimals);
      }
    }
    EventBatch batch = EventBatch.of(SCHEMA, columns, new long[rowCount], rowCount);
    return random.nextBoolean() ? batch : selected(batch, random);
  }

  private static DecimalColumn inLongs(DecimalColumn column) {
    long[] longs = new long[column.size()];
    for (int row = 0; row < longs.length; row++) {
      longs[row] = column.isNull(row) ? 0 : column.value(row).unscaledValue().longValueExact();
    }
    return DecimalColumn.ofLongs(column.type(), longs.length, longs, column.nulls());
  }

  private static EventBatch selected(EventBatch batch, Random random) {
    int[] rows = new int[batch.rowCount()];
    int share = 1 + random.nextInt(4);
    int count = 0;
    for (int row = 0; row < rows.length; row++) {
      if (random.nextInt(share) == 0) {
        rows[count++] = row;
      }
    }
    return batch.withSelection(rows, count);
  }

  private static Column column(DataType type, List<@Nullable Object> values) {
    ColumnBuilder builder = new ColumnBuilder(type, values.size());
    values.forEach(builder::append);
    return builder.build();
  }

  private static Column text(List<@Nullable Object> values, Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> column(DataType.STRING, values);
      case 1 -> utf8(values);
      default -> dictionary(values);
    };
  }

  private static long @Nullable [] nulls(List<@Nullable Object> values) {
    long[] nulls = NullBits.create(values.size());
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) == null) {
        NullBits.set(nulls, i);
      }
    }
    return values.contains(null) ? nulls : null;
  }

  static StringColumn utf8(List<@Nullable Object> values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] offsets = new int[values.size() + 1];
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value != null) {
        bytes.writeBytes(((String) value).getBytes(StandardCharsets.UTF_8));
      }
      offsets[i + 1] = bytes.size();
    }
    return StringColumn.ofUtf8(values.size(), bytes.toByteArray(), offsets, nulls(values));
  }

  /** Codes of null rows point nowhere. */
  static StringColumn dictionary(List<@Nullable Object> values) {
    LinkedHashSet<Object> distinct = new LinkedHashSet<>(values);
    distinct.remove(null);
    List<Object> entries = new ArrayList<>(distinct);
    int[] codes = new int[values.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = values.get(i) == null ? -1 : entries.indexOf(values.get(i));
    }
    return StringColumn.ofDictionary(
        codes.length, codes, entries.toArray(String[]::new), nulls(values));
  }
}
