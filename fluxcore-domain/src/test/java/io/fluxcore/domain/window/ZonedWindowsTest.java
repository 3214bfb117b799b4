package io.fluxcore.domain.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows that the clocks of a zone cut, against a reference that asks java.time for each row. */
class ZonedWindowsTest {
  /** Of the modes: cases take turns with them. */
  private static final int SHARES = 30;

  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final Schema SCHEMA =
      Schema.builder().field("k", DataType.LONG).field("v", DataType.LONG).build();

  private static long millis(String time) {
    return OffsetDateTime.parse(time).toInstant().toEpochMilli();
  }

  private static LocalDateTime shown(long instant, ZoneId zone) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(instant), zone);
  }

  private static long local(long instant, ZoneId zone) {
    return shown(instant, zone).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  private static LocalDateTime text(long local) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(local), ZoneOffset.UTC);
  }

  private static WindowAggregation aggregation(WindowSpec windows, String zone) {
    return new WindowAggregation(
        List.of("k"),
        new ZonedWindows(windows, ZoneId.of(zone)),
        List.of(AggregateCall.countAll("n"), AggregateCall.of(AggregateCall.Kind.SUM, "v", "sum")),
        0,
        Accumulation.ACCUMULATING,
        TimeCharacteristic.EVENT);
  }

  /** The last instant at which clocks show less than this, found minute by minute. */
  private static long lastBefore(long end, ZoneId zone) {
    long from = Math.floorDiv(end - 30 * HOUR, MINUTE) * MINUTE;
    long last = from;
    for (long minute = from; minute < end + 30 * HOUR; minute += MINUTE) {
      if (local(minute, zone) < end) {
        last = minute + MINUTE - 1;
      }
    }
    return last;
  }

  private record Result(long key, long start, long end) {}

  private static List<String> expected(Script script, WindowSpec windows, ZoneId zone) {
    Map<Result, long[]> groups =
        new TreeMap<>(
            Comparator.comparingLong(Result::end)
                .thenComparingLong(Result::start)
                .thenComparingLong(Result::key));
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Row row) {
        long time = local(row.timestamp(), zone);
        for (WindowReference.Bounds bounds : WindowReference.windowsOf(windows, time)) {
          long key = (Long) row.values().get(0);
          long[] sums =
              groups.computeIfAbsent(
                  new Result(key, bounds.start(), bounds.end()), unused -> new long[2]);
          sums[0]++;
          sums[1] += (Long) row.values().get(1);
        }
      }
    }
    List<String> results = new ArrayList<>();
    groups.forEach(
        (of, sums) ->
            results.add(
                "+I["
                    + of.key()
                    + ", "
                    + text(of.start())
                    + ", "
                    + text(of.end())
                    + ", "
                    + sums[0]
                    + ", "
                    + sums[1]
                    + "]@"
                    + lastBefore(of.end(), zone)));
    return results;
  }

  private static List<WindowSpec> windows() {
    return List.of(
        WindowSpec.tumbling(24 * HOUR, 0),
        WindowSpec.tumbling(HOUR, 0),
        WindowSpec.tumbling(20 * MINUTE, 5 * MINUTE),
        WindowSpec.sliding(HOUR, 30 * MINUTE, 0),
        WindowSpec.sliding(24 * HOUR, 6 * HOUR, 0),
        WindowSpec.sliding(45 * MINUTE, 30 * MINUTE, 0),
        new CumulativeWindows(24 * HOUR, 3 * HOUR, 0),
        new CumulativeWindows(2 * HOUR, 30 * MINUTE, 0));
  }

  /** Rows about a change of clocks, watermarks an hour and a half behind, so that none is late. */
  private static Script script(Random random, long around) {
    Script.Builder builder = Script.of(SCHEMA);
    long time = around - 8 * HOUR;
    for (int i = 0; i < 60; i++) {
      time += random.nextInt((int) (25 * MINUTE));
      long behind = random.nextInt((int) HOUR);
      builder.row(time - behind, (long) random.nextInt(3), (long) i);
      if (random.nextInt(6) == 0) {
        builder.watermark(time - HOUR);
      }
    }
    return builder.end();
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,2024-03-31T01:00Z",
    "Europe/Berlin,2024-10-27T01:00Z",
    "America/Los_Angeles,2021-03-14T10:00Z",
    "America/Los_Angeles,2021-11-07T09:00Z",
    "Australia/Lord_Howe,2024-04-06T15:00Z", // clocks change by half an hour
    "Australia/Lord_Howe,2024-10-05T15:30Z",
    "America/Sao_Paulo,2018-02-18T02:00Z", // at midnight
    "America/Sao_Paulo,2018-11-04T03:00Z",
    "Asia/Kathmandu,2024-01-01T00:00Z",
    "Pacific/Apia,2011-12-30T10:00Z" // a day is left out
  })
  void results_areAsTheReference_inOnePhaseAndTwo(String zone, String change) {
    int number = 0;
    for (WindowSpec windows : windows()) {
      long seed = zone.hashCode() * 31L + number++;
      Script script = script(new Random(seed), millis(change));
      WindowAggregation aggregation = aggregation(windows, zone);
      List<List<String>> expected = List.of(expected(script, windows, ZoneId.of(zone)), List.of());
      StageHarness.of(() -> aggregation.operator(SCHEMA), Exchange.hash(0), 2)
          .share(seed, SHARES)
          .assertEverywhere(script, expected);
      assertThat(aggregation.canPreAggregate(SCHEMA)).isTrue();
      StageHarness.of(WindowModelTest.twoPhases(aggregation, SCHEMA))
          .share(seed, SHARES)
          .assertEverywhere(script, expected);
    }
  }

  @Test
  void hourThatComesTwice_isOneWindow_whichEndsWithTheSecond() {
    WindowAggregation aggregation = aggregation(WindowSpec.tumbling(HOUR, 0), "Europe/Berlin");
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(SCHEMA));
    harness.row(SCHEMA, millis("2024-10-27T02:10+02:00"), 1L, 5L);
    harness.watermark(millis("2024-10-27T02:59+02:00"));
    harness.row(SCHEMA, millis("2024-10-27T02:05+01:00"), 1L, 6L);
    harness.watermark(millis("2024-10-27T02:59+01:00"));
    assertThat(harness.take(0)).isEmpty();
    harness.watermark(millis("2024-10-27T03:00+01:00") - 1);
    assertThat(harness.take(0))
        .containsExactly(
            "+I[1, 2024-10-27T02:00, 2024-10-27T03:00, 2, 11]@"
                + (millis("2024-10-27T03:00+01:00") - 1));
  }

  @Test
  void lateRow_leavesWithItsOwnTime() {
    WindowAggregation aggregation =
        aggregation(WindowSpec.tumbling(20 * MINUTE, 0), "Europe/Berlin");
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(SCHEMA));
    harness.watermark(millis("2024-10-27T02:40+01:00"));
    long time = millis("2024-10-27T02:10+02:00");
    harness.row(SCHEMA, time, 1L, 5L);
    assertThat(harness.take(WindowAggregation.LATE_PORT)).containsExactly("+I[1, 5]@" + time);
    harness.row(SCHEMA, millis("2024-10-27T02:50+02:00"), 1L, 6L); // its window is still open
    assertThat(harness.end().take(0))
        .containsExactly(
            "+I[1, 2024-10-27T02:40, 2024-10-27T03:00, 1, 6]@"
                + (millis("2024-10-27T03:00+01:00") - 1));
  }

  /** Rows of the second pass are at the end of the hour, which ends with it. */
  @Test
  void hostsClock_doesNotGoBack() {
    WindowAggregation aggregation =
        new WindowAggregation(
            List.of("k"),
            new ZonedWindows(WindowSpec.tumbling(HOUR, 0), ZoneId.of("Europe/Berlin")),
            List.of(AggregateCall.countAll("n")),
            0,
            Accumulation.ACCUMULATING,
            TimeCharacteristic.PROCESSING);
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(SCHEMA));
    harness.processingTime(millis("2024-10-27T02:30+02:00"));
    harness.row(SCHEMA, 0, 1L, 5L);
    harness.processingTime(millis("2024-10-27T02:10+01:00"));
    harness.row(SCHEMA, 0, 1L, 6L);
    harness.processingTime(millis("2024-10-27T02:59+01:00"));
    assertThat(harness.take(0)).isEmpty();
    harness.processingTime(millis("2024-10-27T03:00+01:00"));
    assertThat(harness.take(0))
        .containsExactly(
            "+I[1, 2024-10-27T02:00, 2024-10-27T03:00, 2]@"
                + (millis("2024-10-27T03:00+01:00") - 1));
  }

  @Test
  void sessions_endWhereTheClocksHaveGoneOnByTheGap() {
    WindowAggregation aggregation = aggregation(new SessionWindows(30 * MINUTE), "Europe/Berlin");
    OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(SCHEMA));
    harness.row(SCHEMA, millis("2024-03-31T01:50+01:00"), 1L, 5L);
    harness.row(SCHEMA, millis("2024-03-31T03:10+02:00"), 1L, 6L); // twenty minutes later
    assertThat(harness.end().take(0))
        .containsExactly(
            "+I[1, 2024-03-31T01:50, 2024-03-31T02:20, 1, 5]@"
                + (millis("2024-03-31T03:00+02:00") - 1),
            "+I[1, 2024-03-31T03:10, 2024-03-31T03:40, 1, 6]@"
                + (millis("2024-03-31T03:40+02:00") - 1));
  }

  /** By what clocks show minute by minute. */
  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,2024-03-31T01:00Z",
    "Europe/Berlin,2024-10-27T01:00Z",
    "Australia/Lord_Howe,2024-04-06T15:00Z",
    "America/Sao_Paulo,2018-02-18T02:00Z",
    "Pacific/Apia,2011-12-30T10:00Z"
  })
  void watermarks_areBehindNothingThatIsToCome(String zoneName, String change) {
    ZoneId zone = ZoneId.of(zoneName);
    WallClock clock = new WallClock(zone);
    long around = millis(change);
    for (long time = around - 4 * HOUR; time < around + 4 * HOUR; time += 15 * MINUTE) {
      assertThat(clock.shown(time)).isEqualTo(local(time, zone));
      long least = Long.MAX_VALUE;
      for (long later = time; later < time + 48 * HOUR; later += MINUTE) {
        least = Math.min(least, local(later, zone));
      }
      assertThat(clock.passed(time - 1)).as(shown(time, zone).toString()).isEqualTo(least - 1);
      assertThat(clock.instant(least)).isGreaterThan(time - 1);
      assertThat(clock.heldBack(least - 1)).isLessThan(clock.instant(least));
    }
    assertThat(clock.passed(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    assertThat(clock.passed(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    assertThat(clock.instant(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    for (long time : new long[] {-WindowSpec.MAX_TIME, -1, 0, WindowSpec.MAX_TIME}) {
      assertThat(clock.instant(clock.shown(time))).isEqualTo(time);
    }
  }

  @Test
  void otherWindows_areRefused() {
    assertThatThrownBy(
            () ->
                new ZonedWindows(
                    new CalendarWindows(
                        CalendarUnit.DAY, ZoneId.of("Europe/Berlin"), DayOfWeek.MONDAY),
                    ZoneId.of("Europe/Berlin")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not cut by the clocks");
  }
}
