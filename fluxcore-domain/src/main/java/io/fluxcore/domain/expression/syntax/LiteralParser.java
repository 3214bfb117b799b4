package io.fluxcore.domain.expression.syntax;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/** Numbers, and {@code date '…'}, {@code timestamp '…'} and {@code interval '…' unit}. */
final class LiteralParser {
  private static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

  private final TokenCursor cursor;

  LiteralParser(TokenCursor cursor) {
    this.cursor = cursor;
  }

  /** The integer at the cursor, which stays; null if there is none that fits a long. */
  @Nullable Long index() {
    try {
      return Long.valueOf(cursor.peek().text());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Takes a number that follows this minus sign, if there is one. */
  Node number(@Nullable Token minus) {
    Token token = cursor.next();
    int position = minus == null ? token.offset() : minus.offset();
    String text = minus == null ? token.text() : "-" + token.text();
    return new Node.Literal(
        position,
        switch (token.kind()) {
          case INTEGER -> integer(token, text);
          case DECIMAL -> decimal(token, text);
          default -> approximate(token, text);
        });
  }

  private Object integer(Token token, String text) {
    BigDecimal value = new BigDecimal(text);
    return value.compareTo(MIN_LONG) >= 0 && value.compareTo(MAX_LONG) <= 0
        ? (Object) value.longValueExact()
        : decimal(token, text);
  }

  private BigDecimal decimal(Token token, String text) {
    BigDecimal value = new BigDecimal(text);
    int digits = Math.max(value.precision(), value.scale());
    if (digits > DataType.MAX_DECIMAL_PRECISION) {
      throw cursor.error(
          token,
          token.described() + " has more than " + DataType.MAX_DECIMAL_PRECISION + " digits",
          "round it, or write a double as in 1.5e10");
    }
    return value;
  }

  private Double approximate(Token token, String text) {
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw cursor.error(
          token, token.described() + " is too large for a double", "the largest is 1.79e308");
    }
    return value;
  }

  /** What follows the word {@code date}, {@code timestamp} or {@code interval}. */
  Node typed(Token word) {
    Token value = cursor.next();
    try {
      return switch (word.lowerCase()) {
        case "date" -> new Node.Literal(word.offset(), TemporalText.date(value.text()));
        case "timestamp" -> new Node.Literal(word.offset(), TemporalText.timestamp(value.text()));
        default -> interval(word, value);
      };
    } catch (DateTimeException e) {
      throw cursor.error(
          value,
          value.described() + " is not a " + word.lowerCase(),
          "write date '2024-12-31', timestamp '2024-12-31 23:59:59', or timestamp"
              + " '2024-12-31T23:59:59Z' for an instant");
    }
  }

  private Node interval(Token word, Token value) {
    Token name = cursor.peek();
    CalendarUnit unit =
        name.kind() == Token.Kind.NAME ? CalendarUnit.find(cursor.next().text()) : null;
    if (unit == null) {
      throw cursor.error(
          name,
          "expected the unit of the interval, found " + name.described(),
          "write, for example, interval '5' minute");
    }
    try {
      long amount = Long.parseLong(value.text().strip());
      Math.negateExact(Math.multiplyExact(amount, Math.max(unit.micros(), unit.months())));
      return new Node.Interval(word.offset(), amount, unit);
    } catch (NumberFormatException e) {
      throw badAmount(value, " is not a whole number of units");
    } catch (ArithmeticException e) {
      throw badAmount(value, " is too long");
    }
  }

  private FluxCoreException badAmount(Token value, String what) {
    return cursor.error(
        value,
        "the interval of " + value.described() + what,
        "write, for example, interval '90' second");
  }
}
