package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Writes reckoning with times of day in the expression language, which has them as texts that are
 * in the order of their times; where they are reckoned with they are times of the first day of
 * 1970, as in Flink.
 */
final class DayTimeText {
  private static final String EPOCH_DAY = "'1970-01-01 '";

  private DayTimeText() {}

  static boolean isTime(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIME;
  }

  /**
   * The time of day of a text or a timestamp.
   *
   * @param digits of the second
   * @param tries whether another text is null, and no error
   */
  static String of(String value, int digits, boolean tries) {
    return (tries ? "try_" : "") + "time_of_day(" + value + ", " + digits + ")";
  }

  /** The same of a value that is held in any way. */
  static String of(String value, DataType held, RelDataType time, boolean tries) {
    boolean isRead =
        held.equals(DataType.STRING)
            || held.equals(DataType.TIMESTAMP)
            || held.equals(DataType.TIMESTAMP_TZ);
    String read = isRead ? value : "cast(" + value + " as " + DataType.STRING + ")";
    return of(read, time.getPrecision(), tries);
  }

  /** A time of day as a timestamp. */
  static String timestamp(String time) {
    return "cast(" + EPOCH_DAY + " || " + time + " as " + DataType.TIMESTAMP + ")";
  }
}
