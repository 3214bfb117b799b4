package io.fluxcore.application.connector.kit;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.Values;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random values of every type, with a liking for nasty ones. */
public final class RandomRows {
  private static final String[] NASTY = {
    "",
    " ",
    ",",
    "\"",
    "\"\"",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\\",
    "\\n",
    "null",
    "NULL",
    "-",
    "'",
    ";",
    "\u0000",
    "\u001f",
    "\u007f",
    "\uFEFF",
    "\uFFFD",
    "\u2028",
    "é",
    "İ",
    "ß",
    "漢字",
    "😀",
    "{",
    "}",
    "[]",
    "a,b",
    "\"a\"",
    " a ",
    "1e400",
    "NaN",
    "${x}",
    "<b>&amp;"
  };

  private final Random random;

  public RandomRows(Random random) {
    this.random = random;
  }

  public List<@Nullable Object> row(Schema schema) {
    List<@Nullable Object> row = new ArrayList<>();
    for (Field field : schema.fields()) {
      row.add(random.nextInt(6) == 0 ? null : value(field.type()));
    }
    return row;
  }

  public String string() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i >= 0; i--) {
      text.append(
          random.nextBoolean()
              ? NASTY[random.nextInt(NASTY.length)]
              : Integer.toString(random.nextInt(), 36));
    }
    return random.nextInt(8) == 0 ? NASTY[random.nextInt(NASTY.length)] : text.toString();
  }

  public Object value(DataType type) {
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case LONG -> number();
      case DOUBLE -> floating();
      case DECIMAL -> decimal(type);
      case STRING -> string();
      case BYTES -> {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case DATE -> Values.ofLong(type, random.nextInt(4_000_000) - 700_000);
      case TIMESTAMP, TIMESTAMP_TZ ->
          Values.ofLong(type, (random.nextLong() >> 12) + random.nextInt(1_000_000));
      case NESTED -> random.nextBoolean() ? list(3) : map(3);
    };
  }

  private long number() {
    return switch (random.nextInt(6)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      case 2 -> random.nextInt(3) - 1;
      case 3 -> random.nextInt(100_000);
      default -> random.nextLong() >> random.nextInt(63);
    };
  }

  private double floating() {
    return switch (random.nextInt(9)) {
      case 0 -> Double.NaN;
      case 1 -> Double.NEGATIVE_INFINITY;
      case 2 -> Double.POSITIVE_INFINITY;
      case 3 -> Double.MIN_VALUE;
      case 4 -> -0.0;
      case 5 -> random.nextInt(1000);
      default -> {
        double value = Double.longBitsToDouble(random.nextLong());
        yield Double.isFinite(value) ? value : 0.1;
      }
    };
  }

  private BigDecimal decimal(DataType type) {
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    BigInteger unscaled = new BigInteger(random.nextInt(140), random).mod(limit);
    return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.scale());
  }

  private @Nullable Object nested(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> null;
      case 1 -> string();
      case 2 -> number();
      case 3 -> random.nextInt(1000) / 8.0 + 0.0625;
      case 4 -> random.nextBoolean();
      case 5 -> list(depth - 1);
      default -> map(depth - 1);
    };
  }

  private List<@Nullable Object> list(int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(nested(depth));
    }
    return list;
  }

  private Map<String, @Nullable Object> map(int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      map.put(string(), nested(depth));
    }
    return map;
  }
}
