package io.fluxcore.adapters.in.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Values;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeFormatTest {
  private static long parse(TimeFormat format, String text) {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
    return format.parse(bytes, 1, bytes.length - 1);
  }

  @Test
  void epochDay_isThatOfTheJdk() {
    for (int year : new int[] {0, 1, 4, 99, 100, 400, 1582, 1900, 1969, 1970, 2000, 2024, 9999}) {
      for (int month = 0; month <= 13; month++) {
        for (int day = 0; day <= 32; day++) {
          long expected = TimeFormat.NONE;
          try {
            expected = LocalDate.of(year, month, day).toEpochDay();
          } catch (java.time.DateTimeException e) {
            assertThat(e).isNotNull();
          }
          assertThat(Digits.epochDay(year, month, day))
              .as("%d-%d-%d", year, month, day)
              .isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dd/MMM/yyyy:HH:mm:ss Z",
        "yyyy-MM-dd HH:mm:ss.SSS",
        "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX",
        "yyyyMMddHHmmss",
        "yyyy''MM''dd HH 'hours'",
        "MMM dd yyyy HH:mm:ss.SSSSSSSSS"
      })
  void fixedFormats_agreeWithTheJdk(String pattern) {
    DateTimeFormatter formatter = JdkTimeFormat.formatter(pattern);
    Random random = new Random(7);
    for (DataType type :
        new DataType[] {DataType.TIMESTAMP, DataType.TIMESTAMP_TZ, DataType.DATE}) {
      for (ZoneId zone : new ZoneId[] {ZoneOffset.UTC, ZoneId.of("Europe/Berlin")}) {
        FixedTimeFormat fixed = FixedTimeFormat.compile(type, pattern, zone);
        assertThat(fixed).as("known: " + pattern).isNotNull();
        if (fixed == null) {
          return;
        }
        JdkTimeFormat jdk = new JdkTimeFormat(type, pattern, formatter, zone);
        for (int i = 0; i < 300; i++) {
          OffsetDateTime time =
              LocalDateTime.ofEpochSecond(
                      random.nextLong() % 50_000_000_000L,
                      random.nextInt(1_000_000_000),
                      ZoneOffset.UTC)
                  .atOffset(ZoneOffset.ofTotalSeconds(900 * (random.nextInt(96) - 48)));
          String text = time.format(formatter);
          if (i % 3 == 0) {
            char[] broken = text.toCharArray();
            broken[random.nextInt(broken.length)] = (char) ('!' + random.nextInt(60));
            text = new String(broken);
          }
          long expected = parse(jdk, text);
          if (expected != TimeFormat.NONE || i % 3 != 0) {
            assertThat(parse(fixed, text)).as(text + " " + type + " " + zone).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void unusualPatterns_areLeftToTheJdk() {
    TimeFormat format =
        TimeFormat.of(DataType.TIMESTAMP_TZ, "EEE MMM d HH:mm:ss yyyy", ZoneOffset.UTC);
    assertThat(format).isInstanceOf(JdkTimeFormat.class);
    assertThat(parse(format, "Sun Jan 1 00:00:00 2023"))
        .isEqualTo(Values.micros(java.time.Instant.parse("2023-01-01T00:00:00Z")));
    assertThat(parse(format, "Mon Jan 1 00:00:00 2023")).isEqualTo(TimeFormat.NONE);
    assertThatThrownBy(() -> TimeFormat.of(DataType.DATE, "yyyy-bogus", ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void iso_readsWhatTheJdkWrites() {
    Random random = new Random(3);
    TimeFormat local = TimeFormat.of(DataType.TIMESTAMP, "iso", ZoneOffset.UTC);
    TimeFormat instant = TimeFormat.of(DataType.TIMESTAMP_TZ, "iso", ZoneOffset.UTC);
    TimeFormat date = TimeFormat.of(DataType.DATE, "iso", ZoneOffset.UTC);
    for (int i = 0; i < 2000; i++) {
      long micros = (random.nextLong() >> random.nextInt(30)) / 64;
      LocalDateTime time = (LocalDateTime) Values.ofLong(DataType.TIMESTAMP, micros);
      assertThat(parse(local, time.toString())).as(time.toString()).isEqualTo(micros);
      assertThat(parse(date, time.toLocalDate().toString()))
          .isEqualTo(time.toLocalDate().toEpochDay());
      String written = Values.instant(micros).toString();
      assertThat(parse(instant, written)).as(written).isEqualTo(micros);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2024",
        "2024-1-1",
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-01-01T",
        "2024-01-01T24:00",
        "2024-01-01T10:60",
        "2024-01-01T10:00:60",
        "2024-01-01T10:00:00.",
        "2024-01-01T10:00:00+1",
        "2024-01-01T10:00:00 Z",
        "2024-01-01x10:00",
        "+2024",
        "-",
        "+999999999-01-01",
        "٢٠٢٤-01-01"
      })
  void malformedIso_isNone(String text) {
    assertThat(parse(TimeFormat.of(DataType.TIMESTAMP_TZ, "iso", ZoneOffset.UTC), text))
        .isEqualTo(TimeFormat.NONE);
  }

  @Test
  void epochs_takeFractionsAndSigns() {
    TimeFormat seconds = TimeFormat.of(DataType.TIMESTAMP_TZ, "epoch-seconds", ZoneOffset.UTC);
    assertThat(parse(seconds, "-1.5")).isEqualTo(-1_500_000);
    assertThat(parse(seconds, "1700000000")).isEqualTo(1_700_000_000_000_000L);
    for (String wrong : new String[] {"", "-", "x", "1e300", "99999999999999999999", "1e-100000"}) {
      assertThat(parse(seconds, wrong)).as(wrong).isEqualTo(TimeFormat.NONE);
    }
    TimeFormat date = TimeFormat.of(DataType.DATE, "epoch-millis", ZoneOffset.UTC);
    assertThat(parse(date, "-1")).isEqualTo(-1);
  }
}
