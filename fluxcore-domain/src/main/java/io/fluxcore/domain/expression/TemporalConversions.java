package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.expression.syntax.CalendarUnit;
import io.fluxcore.domain.expression.syntax.TemporalText;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Conversions to dates, timestamps and instants; wall clocks are those of the context's zone. */
final class TemporalConversions {
  private static final long MICROS_PER_DAY = CalendarUnit.DAY.micros();

  private TemporalConversions() {}

  static @Nullable Conversion find(DataType from, DataType to, ZoneId zone) {
    if (from.kind() == Kind.STRING) {
      return (rows, c, failure) ->
          new RowLoops(rows, failure, c)
              .longs(to, row -> parse(to, ((StringColumn) c).value(row), zone));
    }
    if (!Coercion.isTemporal(from)) {
      return null;
    }
    return (rows, c, failure) ->
        new RowLoops(rows, failure, c)
            .longs(
                to,
                row -> fromWallClock(to, wallClock(from, ((LongColumn) c).value(row), zone), zone));
  }

  /** The long of a text. */
  static long parse(DataType to, String text, ZoneId zone) {
    return switch (to.kind()) {
      case DATE -> TemporalText.date(text).toEpochDay();
      case TIMESTAMP -> Values.toLong(to, TemporalText.local(text));
      default -> Values.toLong(to, TemporalText.instant(text, zone));
    };
  }

  /** Microseconds on the wall clock, of a date, timestamp or instant. */
  static long wallClock(DataType type, long value, ZoneId zone) {
    if (type.kind() == Kind.DATE) {
      return Math.multiplyExact(value, MICROS_PER_DAY);
    }
    if (type.kind() == Kind.TIMESTAMP || zone.equals(ZoneOffset.UTC)) {
      return value;
    }
    int offset = zone.getRules().getOffset(Values.instant(value)).getTotalSeconds();
    return Math.addExact(value, offset * CalendarUnit.SECOND.micros());
  }

  /**
   * The date, timestamp or instant of microseconds on the wall clock. A time that the clocks skip
   * is moved on by the length of the gap; of a time that comes twice it is the first.
   */
  static long fromWallClock(DataType type, long micros, ZoneId zone) {
    if (type.kind() == Kind.DATE) {
      return Math.floorDiv(micros, MICROS_PER_DAY);
    }
    if (type.kind() == Kind.TIMESTAMP || zone.equals(ZoneOffset.UTC)) {
      return micros;
    }
    LocalDateTime local = (LocalDateTime) Values.ofLong(DataType.TIMESTAMP, micros);
    return Values.micros(local.atZone(zone).toInstant());
  }
}
