package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.expression.syntax.CalendarUnit;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * A date or timestamp moved by an interval. Units up to weeks have a fixed length; months, quarters
 * and years are those of the calendar (of the zone, for instants), and the last day of a shorter
 * month stands for the days that it lacks.
 */
final class IntervalEvaluator extends Evaluator {
  private static final long MICROS_PER_DAY = CalendarUnit.DAY.micros();

  private final Evaluator operand;
  private final long amount;
  private final CalendarUnit unit;
  private final ZoneId zone;

  IntervalEvaluator(Evaluator operand, long amount, CalendarUnit unit, ZoneId zone) {
    super(operand.type());
    this.operand = operand;
    this.amount = amount;
    this.unit = unit;
    this.zone = zone;
  }

  @Override
  public Column evaluate(Rows rows) {
    LongColumn column = (LongColumn) operand.evaluate(rows);
    RowLoops.Failure failure =
        (row, error) ->
            rows.fail(
                row,
                new RecordException(
                    "FLX-EXPR-0101",
                    "the value moved by " + amount + " " + unit.word() + " is out of range",
                    error));
    return new RowLoops(rows, failure, column).longs(type(), row -> move(column.value(row)));
  }

  private long move(long value) {
    boolean date = type().kind() == DataType.Kind.DATE;
    if (unit.months() == 0) {
      long length = date ? unit.micros() / MICROS_PER_DAY : unit.micros();
      return Math.addExact(value, Math.multiplyExact(amount, length));
    }
    long months = amount * unit.months();
    if (date) {
      return LocalDate.ofEpochDay(value).plusMonths(months).toEpochDay();
    }
    if (type().kind() == DataType.Kind.TIMESTAMP) {
      long day = Math.floorDiv(value, MICROS_PER_DAY);
      long moved = LocalDate.ofEpochDay(day).plusMonths(months).toEpochDay();
      return Math.addExact(value, Math.multiplyExact(moved - day, MICROS_PER_DAY));
    }
    return Values.micros(Values.instant(value).atZone(zone).plusMonths(months).toInstant());
  }
}
