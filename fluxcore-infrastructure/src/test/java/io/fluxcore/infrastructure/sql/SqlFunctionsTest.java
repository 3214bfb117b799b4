package io.fluxcore.infrastructure.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.sql.SqlFrontEnd;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.Outside;
import io.fluxcore.infrastructure.regex.LinearRegexCompiler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every function that queries may call, through SQL, at its edges. */
class SqlFunctionsTest {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");

  static final ExpressionContext CONTEXT =
      ExpressionContext.of(new LinearRegexCompiler())
          .withOutside(
              new Outside() {
                private long last = 42;

                @Override
                public Instant now() {
                  return NOW;
                }

                @Override
                public long random() {
                  last = last * 6364136223846793005L + 1442695040888963407L;
                  return last;
                }
              });

  /** What is no expression over a row: the conformance cases and other tests hold these. */
  private static final Set<String> OF_MORE_THAN_A_ROW =
      Set.of(
          "APPROX_COUNT_DISTINCT",
          "APPROX_MEDIAN",
          "APPROX_PERCENTILE",
          "ARRAY_AGG",
          "AVG",
          "BIT_AND",
          "BIT_OR",
          "BIT_XOR",
          "BOOL_AND",
          "BOOL_OR",
          "COLLECT",
          "CORR",
          "COUNT",
          "COVAR_POP",
          "COVAR_SAMP",
          "CUMULATE",
          "CURRENT_WATERMARK",
          "DENSE_RANK",
          "EVERY",
          "FIRST_VALUE",
          "GROUPING",
          "GROUPING_ID",
          "GROUP_ID",
          "HOP",
          "JSON_ARRAYAGG",
          "JSON_OBJECTAGG",
          "LAG",
          "LAST_VALUE",
          "LEAD",
          "LISTAGG",
          "MAX",
          "MEDIAN",
          "MIN",
          "PERCENTILE",
          "PERCENTILE_CONT",
          "PERCENTILE_DISC",
          "PROCTIME",
          "RANK",
          "REGR_AVGX",
          "REGR_AVGY",
          "REGR_COUNT",
          "REGR_INTERCEPT",
          "REGR_R2",
          "REGR_SLOPE",
          "REGR_SXX",
          "REGR_SXY",
          "REGR_SYY",
          "ROW_NUMBER",
          "SESSION",
          "STDDEV",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "STRING_AGG",
          "SUM",
          "TUMBLE",
          "VARIANCE",
          "VAR_POP",
          "VAR_SAMP");

  private final SqlFrontEnd frontEnd = new CalciteFrontEnd(CONTEXT);
  private final SqlSession session = frontEnd.newSession();

  private static Map<String, Object> row() {
    Map<String, Object> row = new HashMap<>();
    row.put("I", 1L);
    row.put("MIN_LONG", Long.MIN_VALUE);
    row.put("DAYTIME", "9:05:03.9");
    row.put("DAYTIME3", "09:05:03.2500");
    row.put("CLOCK", LocalDateTime.of(2024, 2, 29, 13, 14, 15, 678_901_000));
    row.put("INSTANT", Instant.parse("2024-02-29T13:14:15.678901Z"));
    row.put("TAGS", List.of("x", "y", "x"));
    Map<String, Object> scores = new LinkedHashMap<>();
    scores.put("a", 1L);
    scores.put("b", 2L);
    row.put("SCORES", scores);
    row.put("ITEM", Map.of("name", "lamp", "sizes", List.of(5L, 7L), "opens", "8:00"));
    return row;
  }

  private QueryRow rows() {
    SqlOutcome unused =
        session.execute(
            SqlStatement.of(
                """
                CREATE TABLE t (
                  I BIGINT, MIN_LONG BIGINT, NULL_LONG BIGINT, NULL_TEXT STRING,
                  DAYTIME TIME, DAYTIME3 TIME(3), CLOCK TIMESTAMP(6), `INSTANT` TIMESTAMP_LTZ(6),
                  TAGS ARRAY<STRING>, NULL_TAGS ARRAY<STRING>, SCORES MAP<STRING, INT>,
                  ITEM ROW<name STRING, sizes ARRAY<INT>, opens TIME>
                ) WITH ('connector' = 'console')
                """));
    return new QueryRow(session, CONTEXT, row());
  }

  private record Line(String expression, String expected) {}

  private static List<Line> lines() {
    try (InputStream file =
        Objects.requireNonNull(SqlFunctionsTest.class.getResourceAsStream("functions.txt"))) {
      List<Line> lines = new ArrayList<>();
      for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.isBlank() && !line.startsWith("--")) {
          int at = line.indexOf(" => ");
          lines.add(new Line(line.substring(0, at), line.substring(at + 4)));
        }
      }
      return lines;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void functions_giveWhatTheListSays() {
    QueryRow rows = rows();
    List<String> wrong = new ArrayList<>();
    for (Line line : lines()) {
      String given;
      try {
        Object value = rows.of("SELECT " + line.expression() + " AS r FROM t").get("r");
        given = String.valueOf(value);
      } catch (FluxCoreException e) {
        given = "error: " + e.getMessage();
      }
      boolean isError = given.startsWith("error: ") && line.expected().equals("error");
      if (!isError && !given.equals(line.expected())) {
        wrong.add(line.expression() + " => " + given + ", not " + line.expected());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyFunction_isInTheList() {
    StringBuilder all = new StringBuilder();
    lines().forEach(line -> all.append(line.expression()).append('\n'));
    String text = all.toString();
    SqlOutcome.Listing listing =
        (SqlOutcome.Listing) session.execute(SqlStatement.of("SHOW FUNCTIONS"));
    TreeSet<String> missing = new TreeSet<>();
    for (List<String> row : listing.rows()) {
      if (!text.matches("(?s).*\\b" + row.get(0) + "\\b.*")) {
        missing.add(row.get(0));
      }
    }
    assertThat(missing).isEqualTo(new TreeSet<>(OF_MORE_THAN_A_ROW));
  }

  @Test
  void everyFunction_isDocumented() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("docs/sql-functions.md"))) {
      root = Objects.requireNonNull(root.getParent(), "docs/sql-functions.md is not there");
    }
    String page = Files.readString(root.resolve("docs/sql-functions.md"));
    SqlOutcome.Listing listing =
        (SqlOutcome.Listing) session.execute(SqlStatement.of("SHOW FUNCTIONS"));
    assertThat(listing.rows())
        .allSatisfy(row -> assertThat(page).containsPattern("(?i)\\b" + row.get(0) + "\\b"));
  }
}
