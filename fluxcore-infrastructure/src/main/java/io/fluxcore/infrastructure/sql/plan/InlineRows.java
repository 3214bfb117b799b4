package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.PlainValues;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/** Rows of literals as the source {@code values} reads them. */
final class InlineRows {
  private InlineRows() {}

  /** A list of objects with the fields {@code f0}, {@code f1} and so on, as JSON. */
  static String json(List<? extends List<RexLiteral>> rows) {
    StringBuilder json = new StringBuilder("[");
    for (List<RexLiteral> row : rows) {
      json.append(json.length() == 1 ? "{" : ", {");
      for (int i = 0; i < row.size(); i++) {
        json.append(i == 0 ? "\"f" : ", \"f").append(i).append("\": ");
        append(json, value(row.get(i)));
      }
      json.append('}');
    }
    return json.append(']').toString();
  }

  private static @Nullable Object value(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    return switch (literal.getType().getSqlTypeName()) {
      case BOOLEAN -> literal.getValueAs(Boolean.class);
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, FLOAT, REAL, DOUBLE ->
          literal.getValueAs(BigDecimal.class);
      case CHAR, VARCHAR -> literal.getValueAs(String.class);
      case BINARY, VARBINARY -> {
        ByteString bytes = literal.getValueAs(ByteString.class);
        yield bytes == null ? null : PlainValues.plain(bytes.getBytes());
      }
      case DATE -> {
        DateString date = literal.getValueAs(DateString.class);
        yield date == null ? null : LocalDate.ofEpochDay(date.getDaysSinceEpoch()).toString();
      }
      case TIME -> {
        TimeString time = literal.getValueAs(TimeString.class);
        yield time == null ? null : time.toString();
      }
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> time(literal);
      default ->
          throw Unsupported.of(
              "VALUES has '" + literal + "' of the type " + literal.getType(),
              "write numbers, texts, true or false, dates and times");
    };
  }

  private static @Nullable String time(RexLiteral literal) {
    TimestampString time = literal.getValueAs(TimestampString.class);
    if (time == null) {
      return null;
    }
    LocalDateTime local = LocalDateTime.parse(time.toString().replace(' ', 'T'));
    return switch (literal.getType().getSqlTypeName()) {
      case TIMESTAMP -> local.toString();
      default -> local.toInstant(ZoneOffset.UTC).toString();
    };
  }

  private static void append(StringBuilder json, @Nullable Object value) {
    if (!(value instanceof String text)) {
      json.append(value);
      return;
    }
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
