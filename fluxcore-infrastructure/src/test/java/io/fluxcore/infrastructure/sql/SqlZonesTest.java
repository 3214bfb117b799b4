package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the zone of a session decides, and how it is said. */
class SqlZonesTest {
  private static final ExpressionContext CONTEXT = ExpressionContext.of(new LinearRegexCompiler());

  private final SqlSession session = new CalciteFrontEnd(CONTEXT).newSession();

  private void run(String statement) {
    SqlOutcome unused = session.execute(SqlStatement.of(statement));
  }

  @BeforeEach
  void table() {
    run(
        """
        CREATE TABLE t (i TIMESTAMP_LTZ(3), c TIMESTAMP(3), d DATE, s STRING, n BIGINT,
          WATERMARK FOR i AS i) WITH ('connector' = 'console')
        """);
  }

  private Map<String, Object> of(Instant instant, ZoneId zone, String... expressions) {
    LocalDateTime shown = LocalDateTime.ofInstant(instant, zone);
    Map<String, Object> row =
        Map.of(
            "i", instant,
            "c", shown,
            "d", shown.toLocalDate(),
            "s", shown.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")),
            "n", instant.getEpochSecond());
    StringBuilder query = new StringBuilder("SELECT ");
    for (int i = 0; i < expressions.length; i++) {
      query.append(i == 0 ? "" : ", ").append(expressions[i]).append(" AS `").append(i).append('`');
    }
    return new QueryRow(session, CONTEXT, row).of(query + " FROM t");
  }

  /** Random instants within two days of changes of clocks, against java.time. */
  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,2024-03-31T01:00:00Z",
    "Europe/Berlin,2024-10-27T01:00:00Z",
    "America/New_York,2024-11-03T06:00:00Z",
    "Asia/Kathmandu,2024-01-01T00:00:00Z"
  })
  void functions_readInstantsByTheClocksOfTheZone(String name, Instant change) {
    run("SET 'table.local-time-zone' = '" + name + "'");
    ZoneId zone = ZoneId.of(name);
    Random random = new Random(name.hashCode() + change.hashCode());
    for (int i = 0; i < 40; i++) {
      Instant instant = change.plusSeconds(random.nextInt(4 * 86_400) - 2 * 86_400);
      ZonedDateTime time = instant.atZone(zone);
      LocalDateTime shown = time.toLocalDateTime();
      Map<String, Object> values =
          of(
              instant,
              zone,
              "CAST(i AS TIMESTAMP(3))",
              "CAST(i AS DATE)",
              "CAST(i AS STRING)",
              "CAST(c AS TIMESTAMP(3) WITH LOCAL TIME ZONE)",
              "CAST(d AS TIMESTAMP(3) WITH LOCAL TIME ZONE)",
              "CAST(s AS TIMESTAMP(3) WITH LOCAL TIME ZONE)",
              "HOUR(i)",
              "EXTRACT(MINUTE FROM i)",
              "DAYOFWEEK(i)",
              "QUARTER(i)",
              "FLOOR(i TO DAY)",
              "FLOOR(i TO MONTH)",
              "CEIL(i TO YEAR)",
              "FLOOR(i TO MINUTE)",
              "DATE_FORMAT(i, 'dd.MM.yyyy HH:mm')",
              "FROM_UNIXTIME(n)",
              "UNIX_TIMESTAMP(s)",
              "i + INTERVAL '1' MONTH",
              "i + INTERVAL '1' DAY",
              "TIMESTAMPADD(MONTH, 2, i)",
              "i >= c",
              "i = CAST(c AS TIMESTAMP(3) WITH LOCAL TIME ZONE)");
      Instant earlier = shown.atZone(zone).toInstant();
      assertThat(values.values())
          .as(time.toString())
          .containsExactly(
              shown,
              shown.toLocalDate(),
              shown.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")),
              earlier,
              shown.toLocalDate().atStartOfDay(zone).toInstant(),
              earlier,
              (long) shown.getHour(),
              (long) shown.getMinute(),
              (long) shown.getDayOfWeek().getValue() % 7 + 1,
              (long) shown.get(IsoFields.QUARTER_OF_YEAR),
              shown.toLocalDate().atStartOfDay(zone).toInstant(),
              shown.toLocalDate().withDayOfMonth(1).atStartOfDay(zone).toInstant(),
              LocalDate.of(shown.getYear() + 1, 1, 1).atStartOfDay(zone).toInstant(),
              instant.truncatedTo(ChronoUnit.MINUTES),
              shown.format(DateTimeFormatter.ofPattern("dd.MM.yyyy HH:mm")),
              shown.format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss")),
              earlier.getEpochSecond(),
              shown.plusMonths(1).atZone(zone).toInstant(),
              instant.plus(1, ChronoUnit.DAYS),
              shown.plusMonths(2).atZone(zone).toInstant(),
              !instant.isBefore(earlier),
              instant.equals(earlier));
    }
  }

  @Test
  void textWithAnOffset_isThatInstant() {
    run("SET 'timeZone' = 'Europe/Berlin'");
    assertThat(
            of(
                    Instant.EPOCH,
                    ZoneId.of("UTC"),
                    "CAST('2024-03-31T04:00:00Z' AS TIMESTAMP(3) WITH LOCAL TIME ZONE)",
                    "CAST('2024-03-31 04:00:00' AS TIMESTAMP(3) WITH LOCAL TIME ZONE)",
                    "CAST('2024-03-31 04:00:00' AS TIMESTAMP_LTZ(3))",
                    "CAST('2024-03-31 04:00:00' AS TIMESTAMP_LTZ)",
                    "'TIMESTAMP_LTZ(3)'")
                .values())
        .containsExactly(
            Instant.parse("2024-03-31T04:00:00Z"),
            Instant.parse("2024-03-31T02:00:00Z"),
            Instant.parse("2024-03-31T02:00:00Z"),
            Instant.parse("2024-03-31T02:00:00Z"),
            "TIMESTAMP_LTZ(3)");
  }

  private String topology(String query) {
    return ((SqlOutcome.Query) session.execute(SqlStatement.of(query))).topology().toString();
  }

  private static final String DAYS =
      "SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(i), INTERVAL '1'"
          + " DAY%s)) GROUP BY window_start";

  @Test
  void zone_isOfTheSession_orOfTheCall() {
    assertThat(topology(DAYS.formatted(""))).doesNotContain("window size 1d in");
    String named = ", TIMEZONE => 'America/New_York'";
    assertThat(topology(DAYS.formatted(named))).contains("window size 1d in America/New_York");
    run("SET 'table.local-time-zone' = 'Europe/Berlin'");
    assertThat(topology(DAYS.formatted(""))).contains("window size 1d in Europe/Berlin");
    assertThat(topology(DAYS.formatted(named))).contains("window size 1d in America/New_York");
    assertThat(
            topology(
                "SELECT COUNT(*) AS n FROM TABLE(TUMBLE(DATA => TABLE t, TIMECOL => DESCRIPTOR(i),"
                    + " SIZE => INTERVAL '1' DAY)) GROUP BY window_start"))
        .contains("window size 1d in Europe/Berlin");
    assertThat(topology("SELECT COUNT(*) AS n FROM t GROUP BY TUMBLE(i, INTERVAL '1' DAY)"))
        .contains("window size 1d in Europe/Berlin");
    run("SET 'table.local-time-zone' = 'default'");
    assertThat(topology(DAYS.formatted(""))).doesNotContain("window size 1d in");
  }

  @Test
  void timesOfDay_areWhatTheClocksOfTheZoneShow() {
    run("SET 'table.local-time-zone' = 'Europe/Berlin'");
    Instant instant = Instant.parse("2024-07-01T10:20:30.5Z");
    assertThat(of(instant, ZoneId.of("Europe/Berlin"), "CAST(i AS TIME(1))", "CAST(c AS TIME)"))
        .isEqualTo(Map.of("0", "12:20:30.5", "1", "12:20:30"));
    run("CREATE TABLE times (b TIME, s TIME) WITH ('connector' = 'console')");
    SqlOutcome insert = session.execute(SqlStatement.of("INSERT INTO times SELECT i, s FROM t"));
    assertThat(((SqlOutcome.Job) insert).topology().toString())
        .contains("time_of_day(wall_clock(i, 'Europe/Berlin'), 0)")
        .contains("time_of_day(s, 0)");
  }

  @Test
  void timesOfWallClocks_haveNoZone() {
    run("SET 'table.local-time-zone' = 'Europe/Berlin'");
    run("CREATE TABLE w (c TIMESTAMP(3), WATERMARK FOR c AS c) WITH ('connector' = 'console')");
    assertThat(topology(DAYS.formatted("").replace("TABLE t", "TABLE w").replace("(i)", "(c)")))
        .contains("window size 1d")
        .doesNotContain("Europe/Berlin");
  }

  @Test
  void columnsOfViews_areAsTheZoneHasThem() {
    run("CREATE VIEW days AS " + DAYS.formatted(""));
    run("SET 'table.local-time-zone' = 'Europe/Berlin'");
    SqlOutcome.Listing columns =
        (SqlOutcome.Listing) session.execute(SqlStatement.of("DESCRIBE days"));
    assertThat(columns.rows().get(0).get(1)).startsWith("TIMESTAMP(3)");
    assertThat(topology("SELECT * FROM days")).contains("in Europe/Berlin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'Europe/Berln'", "'+25:00'", "42"})
  void whatIsNoZone_isRefusedWhereItStands(String zone) {
    String query = DAYS.formatted(", TIMEZONE => " + zone);
    assertThatThrownBy(() -> session.execute(SqlStatement.of(query)))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e -> {
              assertThat(e.diagnostics().get(0).code()).isEqualTo("FLX-QUERY-0075");
              assertThat(e.diagnostics().get(0).place().line()).isEqualTo(1);
              assertThat(e.diagnostics().get(0).place().column())
                  .isEqualTo(query.indexOf(zone) + 1);
            })
        .hasMessageContaining(zone + " is no time zone");
  }

  @Test
  void settingThatIsNoZone_isRefused() {
    assertThatThrownBy(() -> run("SET 'table.local-time-zone' = 'Mars'"))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("no time zone such as Europe/Berlin");
  }
}
