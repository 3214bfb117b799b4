package io.fluxcore.adapters.in.cdc;

import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.AbstractRowsEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of an event: times with their signs and fractions, texts as bytes, and dates that
 * are none (a month 0) as null.
 */
final class BinlogRows extends AbstractRowsEventDataDeserializer<BinlogRows.Data> {
  private final EventType type;

  /**
   * What an event has.
   *
   * @param table its number
   * @param before of each row that was changed or deleted; otherwise empty
   * @param after of each row that was inserted or changed; otherwise empty
   */
  record Data(
      long table, List<@Nullable Serializable[]> before, List<@Nullable Serializable[]> after)
      implements EventData {
    int rows() {
      return Math.max(before.size(), after.size());
    }
  }

  BinlogRows(EventType type, Map<Long, TableMapEventData> tables) {
    super(tables);
    this.type = type;
  }

  @Override
  public Data deserialize(ByteArrayInputStream input) throws IOException {
    long table = input.readLong(6);
    input.skip(2); // flags
    if (type.name().startsWith("EXT_")) {
      input.skip(input.readInteger(2) - 2L);
    }
    int columns = input.readPackedInteger();
    boolean update = EventType.isUpdate(type);
    BitSet first = input.readBitSet(columns, true);
    BitSet second = update ? input.readBitSet(columns, true) : first;
    List<@Nullable Serializable[]> before = new ArrayList<>();
    List<@Nullable Serializable[]> after = new ArrayList<>();
    while (input.available() > 0) {
      if (!EventType.isWrite(type)) {
        before.add(row(table, columns, first, input));
      }
      if (!EventType.isDelete(type)) {
        after.add(row(table, columns, second, input));
      }
    }
    return new Data(table, before, after);
  }

  private @Nullable Serializable[] row(
      long table, int columns, BitSet included, ByteArrayInputStream input) throws IOException {
    @Nullable Serializable[] given = deserializeRow(table, included, input);
    if (given.length == columns) {
      return given;
    }
    @Nullable Serializable[] row = new Serializable[columns];
    Arrays.fill(row, BinlogTable.ABSENT);
    for (int i = included.nextSetBit(0), at = 0; i >= 0; i = included.nextSetBit(i + 1)) {
      row[i] = given[at++];
    }
    return row;
  }

  @Override
  @SuppressWarnings("NullAway") // the library takes null for a value that is none
  protected Serializable deserializeCell(
      ColumnType column, int meta, int length, ByteArrayInputStream input) throws IOException {
    return switch (column) {
      case BIT -> {
        long bits = number(input, ((meta >> 8) * 8 + (meta & 0xFF) + 7) / 8);
        yield bits < 0 ? new BigInteger(Long.toUnsignedString(bits)) : (Serializable) bits;
      }
      case YEAR -> {
        int year = input.readInteger(1);
        yield year == 0 ? 0 : 1900 + year;
      }
      case DATE -> date(input.readInteger(3));
      case TIME_V2 -> time(input, meta);
      case DATETIME_V2 -> dateTime(input, meta);
      case TIMESTAMP_V2 -> instant(input, meta);
      case TIME, DATETIME, TIMESTAMP ->
          throw BinlogEvents.unreadable(
              "a column has a time in the form of before MariaDB 10.1 and MySQL 5.6",
              "set mysql56_temporal_format = ON, and alter table … force");
      case STRING -> input.read(input.readInteger(length < 256 ? 1 : 2));
      case VARCHAR, VAR_STRING -> input.read(input.readInteger(meta < 256 ? 1 : 2));
      default -> super.deserializeCell(column, meta, length, input);
    };
  }

  private static long number(ByteArrayInputStream input, int bytes) throws IOException {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number = number << 8 | (input.read() & 0xFF);
    }
    return number;
  }

  private static int fractionBytes(int digits) {
    return (digits + 1) / 2;
  }

  private static long nanos(long fraction, int digits) {
    long nanos = fraction * 1000;
    for (int i = fractionBytes(digits); i < 3; i++) {
      nanos *= 100;
    }
    return nanos;
  }

  private static @Nullable LocalDate date(int packed) {
    return date(packed >> 9, packed >> 5 & 15, packed & 31);
  }

  private static @Nullable LocalDate date(int year, int month, int day) {
    if (month == 0 || day == 0) {
      return null;
    }
    try {
      return LocalDate.of(year, month, day);
    } catch (DateTimeException e) {
      return null; // the 31st of February, which ALLOW_INVALID_DATES lets in
    }
  }

  /** A number that lies as far above the middle as the time is long, with its fraction. */
  private static Duration time(ByteArrayInputStream input, int digits) throws IOException {
    int shift = 8 * fractionBytes(digits);
    long packed = number(input, 3 + fractionBytes(digits)) - (0x800000L << shift);
    long size = Math.abs(packed);
    long whole = size >> shift;
    Duration time =
        Duration.ofHours(whole >> 12)
            .plusMinutes(whole >> 6 & 63)
            .plusSeconds(whole & 63)
            .plusNanos(nanos(size & (1L << shift) - 1, digits));
    return packed < 0 ? time.negated() : time;
  }

  private static @Nullable LocalDateTime dateTime(ByteArrayInputStream input, int digits)
      throws IOException {
    long packed = number(input, 5) - 0x8000000000L;
    long nanos = nanos(number(input, fractionBytes(digits)), digits);
    int months = (int) (packed >> 22);
    LocalDate day = date(months / 13, months % 13, (int) (packed >> 17) & 31);
    return day == null
        ? null
        : day.atTime(
            (int) (packed >> 12) & 31, (int) (packed >> 6) & 63, (int) packed & 63, (int) nanos);
  }

  private static @Nullable Instant instant(ByteArrayInputStream input, int digits)
      throws IOException {
    long seconds = number(input, 4);
    long nanos = nanos(number(input, fractionBytes(digits)), digits);
    return seconds == 0 && nanos == 0 ? null : Instant.ofEpochSecond(seconds, nanos);
  }
}
