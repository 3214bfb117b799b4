package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The example with the access log, through the real door, against totals found in other ways. */
class AccessLogIT {
  private static final Path SAMPLE = Program.ROOT.resolve("examples/data/access-sample.log");
  private static final Path REAL =
      Program.ROOT
          .resolve(Objects.requireNonNullElse(System.getenv("FLUXCORE_DATA"), "../shared/data"))
          .resolve("apache-access.log");

  @TempDir private Path folder;

  /** What is known of an hour. */
  private record Hour(long requests, long bytes, long visitors, long errors) {}

  /** Rows by hour, and the counts of the source. */
  private record Outcome(Map<String, Hour> hours, JsonNode summary) {
    long requests() {
      return hours.values().stream().mapToLong(Hour::requests).sum();
    }

    JsonNode source() {
      return summary.path("operators").get(0);
    }
  }

  private Outcome run(Path log, int parallelism) throws IOException, InterruptedException {
    Program.Result result =
        Program.run(
            folder,
            "run",
            Program.ROOT.resolve("examples/access-log.yaml").toString(),
            "--set",
            "input=" + log,
            "--parallelism",
            Integer.toString(parallelism),
            "-o",
            "json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    JsonNode document = JsonMapper.builder().build().readTree(result.out());
    Map<String, Hour> hours = new TreeMap<>();
    for (JsonNode row : document.path("rows")) {
      long requests = row.path("requests").asLong();
      long errors = row.path("errors").asLong();
      assertThat(row.path("errorRate").asDouble()).isEqualTo((double) errors / requests);
      Hour hour =
          new Hour(requests, row.path("bytes").asLong(0), row.path("visitors").asLong(), errors);
      assertThat(hours.put(row.path("window_start").asString(), hour)).isNull();
    }
    JsonNode summary = document.path("summary");
    for (JsonNode operator : summary.path("operators")) {
      assertThat(operator.path("late").asLong()).as("late rows of %s", operator).isZero();
    }
    return new Outcome(hours, summary);
  }

  @ParameterizedTest(name = "parallelism {0}")
  @ValueSource(ints = {1, 3})
  void sample_givesTheTotals_thatRegularExpressionsFind(int parallelism) throws Exception {
    List<String> lines = Files.readAllLines(SAMPLE);
    Outcome outcome = run(SAMPLE, parallelism);
    assertThat(outcome.hours()).isEqualTo(byRegularExpression(lines)).hasSize(3);
    long bad = outcome.summary().path("deadLetters").asLong();
    assertThat(outcome.requests() + bad).isEqualTo(lines.size());
    assertThat(outcome.source().path("in").asLong()).isEqualTo(lines.size());
    assertThat(outcome.source().path("failed").asLong()).isEqualTo(bad).isEqualTo(5);
    Path kept = folder.resolve(outcome.summary().path("deadLetterFile").asString());
    List<String> letters = Files.readAllLines(kept);
    assertThat(letters).hasSize(5);
    JsonMapper json = JsonMapper.builder().build();
    for (String letter : letters) {
      JsonNode fields = json.readTree(letter);
      String coordinates = fields.path("coordinates").asString();
      int line = Integer.parseInt(coordinates.substring(coordinates.lastIndexOf(':') + 1));
      assertThat(fields.path("text").asString()).isEqualTo(lines.get(line - 1));
    }
  }

  private static Map<String, Hour> byRegularExpression(List<String> lines) {
    Pattern form =
        Pattern.compile(
            "(\\S+) \\S+ \\S+ \\[((?:[0-2]\\d|3[01])/\\w{3}/\\d{4}:\\d\\d)[^]]*\\]"
                + " \"(?:[^\"\\\\]|\\\\.)*\" (\\d{3}) (\\d{1,18}|-) \".*\" \".*\"");
    Map<String, Set<String>> visitors = new TreeMap<>();
    Map<String, Hour> hours = new TreeMap<>();
    for (String line : lines) {
      Matcher matcher = form.matcher(line);
      if (matcher.matches()) {
        String hour = instant(matcher.group(2));
        Set<String> seen = visitors.computeIfAbsent(hour, h -> new HashSet<>());
        seen.add(matcher.group(1));
        long bytes = matcher.group(4).equals("-") ? 0 : Long.parseLong(matcher.group(4));
        int error = Integer.parseInt(matcher.group(3)) >= 400 ? 1 : 0;
        Hour before = hours.getOrDefault(hour, new Hour(0, 0, 0, 0));
        hours.put(
            hour,
            new Hour(
                before.requests() + 1,
                before.bytes() + bytes,
                seen.size(),
                before.errors() + error));
      }
    }
    return hours;
  }

  private static String instant(String hour) {
    return LocalDateTime.parse(
            hour + ":00", DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm", Locale.ENGLISH))
        .toInstant(ZoneOffset.UTC)
        .toString();
  }

  @Test
  void sample_givesTheTotals_thatTheAwkOfTheExamplesPageFinds() throws Exception {
    assertThat(run(SAMPLE, 1).hours()).isEqualTo(byAwk(SAMPLE));
  }

  @Test
  void realLog_of10000Lines_givesTheTotals_thatAwkFinds() throws Exception {
    assumeTrue(
        Files.isReadable(REAL),
        "NOT RUN: there is no real log at " + REAL + "; FLUXCORE_DATA names another folder");
    Outcome outcome = run(REAL, 2);
    assertThat(outcome.hours()).isEqualTo(byAwk(REAL));
    long bad = outcome.summary().path("deadLetters").asLong();
    assertThat(outcome.requests() + bad).isEqualTo(10_000);
    assertThat(bad).isEqualTo(1);
  }

  /** Runs the lines of the page. */
  private Map<String, Hour> byAwk(Path log) throws Exception {
    String page = Files.readString(Program.ROOT.resolve("examples/access-log.md"));
    int start = page.indexOf("```awk\n") + 7;
    Path script =
        Files.writeString(
            folder.resolve("page.awk"), page.substring(start, page.indexOf("```", start)));
    ProcessBuilder builder = new ProcessBuilder("awk", "-f", script.toString(), log.toString());
    builder.environment().put("LC_ALL", "C");
    Process awk = builder.redirectErrorStream(true).start();
    String out = new String(awk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(awk.waitFor()).as(out).isZero();
    Map<String, Hour> hours = new TreeMap<>();
    for (String line : out.lines().toList()) {
      String[] field = line.split(" ", -1);
      hours.put(
          instant(field[0]),
          new Hour(
              Long.parseLong(field[1]),
              new BigDecimal(field[2]).longValueExact(),
              Long.parseLong(field[3]),
              Long.parseLong(field[4])));
    }
    return hours;
  }
}
