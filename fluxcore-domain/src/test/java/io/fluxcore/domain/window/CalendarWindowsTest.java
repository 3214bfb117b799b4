package io.fluxcore.domain.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Days and longer periods of time zones, where clocks change and where they do not. */
class CalendarWindowsTest {
  private static CalendarWindows windows(CalendarUnit unit, String zone) {
    return new CalendarWindows(unit, ZoneId.of(zone), DayOfWeek.MONDAY);
  }

  private static long millis(String time) {
    return OffsetDateTime.parse(time).toInstant().toEpochMilli();
  }

  @ParameterizedTest
  @CsvSource({
    // a time, and the day that holds it
    "DAY,UTC,1969-12-31T23:59:59.999Z,1969-12-31T00:00Z,24",
    "DAY,Europe/Berlin,2024-03-31T12:00+02:00,2024-03-31T00:00+01:00,23",
    "DAY,Europe/Berlin,2024-10-27T12:00+01:00,2024-10-27T00:00+02:00,25",
    "DAY,Asia/Kathmandu,2024-05-05T00:00+05:45,2024-05-05T00:00+05:45,24",
    "DAY,Pacific/Chatham,2024-04-07T12:00+12:45,2024-04-07T00:00+13:45,25",
    "DAY,Pacific/Chatham,2024-09-29T12:00+13:45,2024-09-29T00:00+12:45,23",
    // clocks skip midnight: the day starts at one o'clock
    "DAY,America/Sao_Paulo,2018-11-04T12:00-02:00,2018-11-04T01:00-02:00,23",
    "DAY,America/Sao_Paulo,2018-11-03T23:59:59-03:00,2018-11-03T00:00-03:00,24",
    // clocks go back to eleven o'clock in the evening
    "DAY,America/Sao_Paulo,2018-02-17T23:30-03:00,2018-02-17T00:00-02:00,25",
    "DAY,America/Sao_Paulo,2018-02-18T00:00-03:00,2018-02-18T00:00-03:00,24",
    // a minute after midnight clocks go back to a minute after eleven: the day has begun
    "DAY,America/St_Johns,2010-11-06T23:30-03:30,2010-11-07T00:00-02:30,25",
    "DAY,America/St_Johns,2010-11-06T23:30-02:30,2010-11-06T00:00-02:30,24",
    // the day after the 29th was the 31st
    "DAY,Pacific/Apia,2011-12-29T23:59:59-10:00,2011-12-29T00:00-10:00,24",
    "DAY,Pacific/Apia,2011-12-31T00:00+14:00,2011-12-31T00:00+14:00,24",
    // a day that came twice
    "DAY,Pacific/Kwajalein,1969-09-30T12:00-12:00,1969-09-30T00:00+11:00,47",
    "WEEK,Europe/Berlin,2024-03-31T12:00+02:00,2024-03-25T00:00+01:00,167",
    "WEEK,Pacific/Apia,2011-12-31T12:00+14:00,2011-12-26T00:00-10:00,144",
    "MONTH,UTC,2024-02-29T23:59:59.999Z,2024-02-01T00:00Z,696",
    "MONTH,UTC,2023-02-28T12:00Z,2023-02-01T00:00Z,672",
    "MONTH,UTC,1900-02-28T12:00Z,1900-02-01T00:00Z,672",
    "MONTH,Europe/Berlin,2024-10-31T12:00+01:00,2024-10-01T00:00+02:00,745",
    "MONTH,Pacific/Apia,2011-12-31T12:00+14:00,2011-12-01T00:00-10:00,720",
    "QUARTER,UTC,2024-05-05T12:00Z,2024-04-01T00:00Z,2184",
    "QUARTER,UTC,2023-12-31T23:59:59.999Z,2023-10-01T00:00Z,2208",
    "YEAR,UTC,2024-12-31T23:59:59.999Z,2024-01-01T00:00Z,8784",
    "YEAR,Asia/Kathmandu,1986-06-01T00:00+05:45,1986-01-01T00:15+05:45,8760",
  })
  void window_ofATime(CalendarUnit unit, String zone, String time, String start, long hours) {
    CalendarWindows windows = windows(unit, zone);
    long slice = windows.sliceStart(millis(time));
    assertThat(Instant.ofEpochMilli(slice)).isEqualTo(Instant.ofEpochMilli(millis(start)));
    long end = windows.sliceEnd(slice);
    boolean kathmandu = zone.equals("Asia/Kathmandu") && unit == CalendarUnit.YEAR;
    assertThat(Duration.ofMillis(end - slice))
        .isEqualTo(Duration.ofHours(hours).minusMinutes(kathmandu ? 15 : 0));
    assertThat(windows.start(end)).isEqualTo(slice);
    assertThat(windows.sliceStart(end - 1)).isEqualTo(slice);
    assertThat(windows.sliceStart(end)).isEqualTo(end);
  }

  @Test
  void weeks_startWhereTheySay() {
    CalendarWindows windows =
        new CalendarWindows(CalendarUnit.WEEK, ZoneId.of("UTC"), DayOfWeek.SUNDAY);
    assertThat(windows.sliceStart(millis("2024-05-04T12:00Z")))
        .isEqualTo(millis("2024-04-28T00:00Z"));
    assertThat(windows.sliceStart(millis("2024-05-05T00:00Z")))
        .isEqualTo(millis("2024-05-05T00:00Z"));
    assertThat(windows).hasToString("calendar week in UTC from sunday");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC",
        "Europe/Berlin",
        "America/Sao_Paulo",
        "America/St_Johns",
        "Pacific/Apia",
        "Pacific/Chatham",
        "Asia/Kathmandu",
        "Pacific/Kwajalein",
        "Africa/Cairo",
        "Antarctica/Troll"
      })
  void windows_lieSideBySide_asTheNaiveReferenceSays(String zone) {
    Random random = new Random(zone.hashCode());
    for (CalendarUnit unit : CalendarUnit.values()) {
      CalendarWindows windows =
          new CalendarWindows(unit, ZoneId.of(zone), DayOfWeek.of(1 + random.nextInt(7)));
      for (int i = 0; i < 100; i++) {
        long time = millis("1968-01-01T00:00Z") + random.nextLong(60L * 365 * 86_400_000);
        long start = windows.sliceStart(time);
        long end = windows.sliceEnd(start);
        assertThat(time).isBetween(start, end - 1);
        assertThat(new WindowReference.Bounds(start, end))
            .as("%s at %s", windows, Instant.ofEpochMilli(time))
            .isEqualTo(CalendarReference.windowOf(windows, time));
        assertThat(windows.nextEnd(end)).isEqualTo(windows.sliceEnd(end));
        assertThat(windows.firstEnd(start)).isEqualTo(windows.lastEnd(start)).isEqualTo(end);
      }
    }
  }

  @Test
  void largestTimes_doNotOverflow() {
    for (CalendarUnit unit : CalendarUnit.values()) {
      CalendarWindows windows = windows(unit, "Pacific/Chatham");
      for (long time : new long[] {-WindowSpec.MAX_TIME, -1, 0, WindowSpec.MAX_TIME}) {
        long start = windows.sliceStart(time);
        assertThat(start).isLessThanOrEqualTo(time);
        long end = windows.sliceEnd(start);
        assertThat(end).isGreaterThan(time);
        assertThat(Math.multiplyExact(end, 1000)).isGreaterThan(Long.MIN_VALUE);
        assertThat(Math.multiplyExact(start, 1000)).isGreaterThan(Long.MIN_VALUE);
      }
    }
  }

  private static final Schema SCHEMA =
      Schema.builder().field("k", DataType.LONG).field("v", DataType.LONG).build();

  private static WindowAggregation aggregation(CalendarWindows windows) {
    return new WindowAggregation(
        List.of("k"),
        windows,
        List.of(AggregateCall.countAll("n"), AggregateCall.of(AggregateCall.Kind.SUM, "v", "sum")),
        0,
        Accumulation.ACCUMULATING,
        TimeCharacteristic.EVENT);
  }

  /** Half a year of rows about a change of clocks, one phase and two, in every mode. */
  @ParameterizedTest
  @EnumSource(CalendarUnit.class)
  void aggregation_isAsTheReference_inOnePhaseAndTwo(CalendarUnit unit) {
    WindowAggregation aggregation = aggregation(windows(unit, "Pacific/Apia"));
    Random random = new Random(unit.ordinal());
    Script.Builder builder = Script.of(SCHEMA);
    long time = millis("2011-11-20T00:00Z");
    for (int i = 0; i < 80; i++) {
      time += random.nextInt(30) * 3_600_000L;
      builder.row(time - random.nextInt(86_400_000), (long) random.nextInt(3), (long) i);
      if (random.nextInt(5) == 0) {
        builder.watermark(time - 86_400_000);
      }
    }
    Script script = builder.end();
    WindowReference reference = new WindowReference(aggregation, SCHEMA).run(script);
    List<List<String>> expected = List.of(reference.results(), List.of());
    assertThat(reference.late()).isEmpty();
    StageHarness.of(() -> aggregation.operator(SCHEMA), Exchange.hash(0), 2)
        .assertEverywhere(script, expected);
    assertThat(aggregation.canPreAggregate(SCHEMA)).isTrue();
    StageHarness.of(WindowModelTest.twoPhases(aggregation, SCHEMA))
        .assertEverywhere(script, expected);
  }

  @Test
  void results_tellTheirBounds_andNoInputGivesNone() {
    WindowAggregation aggregation = aggregation(windows(CalendarUnit.DAY, "Pacific/Apia"));
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(SCHEMA));
    harness.row(SCHEMA, millis("2011-12-29T12:00-10:00"), 1L, 5L);
    harness.watermark(millis("2012-06-01T00:00Z"));
    assertThat(harness.take(0))
        .containsExactly(
            "+I[1, 2011-12-29T10:00:00Z, 2011-12-30T10:00:00Z, 1, 5]@"
                + (millis("2011-12-30T10:00Z") - 1));
    OperatorHarness empty = OperatorHarness.of(() -> aggregation.operator(SCHEMA));
    assertThat(empty.watermark(0).end().take(0)).isEmpty();
  }
}
