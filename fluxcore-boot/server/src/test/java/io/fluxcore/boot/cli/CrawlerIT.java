package io.fluxcore.boot.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The example of the crawler, through the real door, against a plain computation. */
@Timeout(300)
final class CrawlerIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path SAMPLE = Program.ROOT.resolve("examples/data/crawl-sample.ndjson");
  private static final Duration WITHIN = Duration.ofMinutes(10);

  @TempDir private Path folder;

  /** A page that was fetched well. */
  private record Page(String url, Instant at) {
    static List<Page> read(Stream<String> lines) {
      return lines
          .map(JSON::readTree)
          .filter(page -> page.path("status").asLong() < 500)
          .map(
              page ->
                  new Page(page.path("url").asString(), Instant.parse(page.path("at").asString())))
          .toList();
    }

    String domain() {
      return url.split("/")[2];
    }
  }

  /** Pages that are no duplicates, and those that are. */
  private record Told(List<Page> first, List<Page> duplicates) {
    static Told of(List<Page> pages) {
      Told told = new Told(new ArrayList<>(), new ArrayList<>());
      Map<String, Instant> before = new HashMap<>();
      for (Page page : pages) {
        Instant last = before.get(page.url());
        if (last != null && page.at().isBefore(last.plus(WITHIN))) {
          told.duplicates().add(page);
        } else {
          before.put(page.url(), page.at());
          told.first().add(page);
        }
      }
      return told;
    }

    /** Minute, place, domain and pages. */
    List<String> busiest() {
      Map<Instant, Map<String, Long>> minutes = new TreeMap<>();
      for (Page page : first) {
        minutes
            .computeIfAbsent(page.at().truncatedTo(ChronoUnit.MINUTES), m -> new TreeMap<>())
            .merge(page.domain(), 1L, Long::sum);
      }
      List<String> rows = new ArrayList<>();
      minutes.forEach(
          (minute, domains) -> {
            List<Map.Entry<String, Long>> ranked = new ArrayList<>(domains.entrySet());
            ranked.sort(Map.Entry.<String, Long>comparingByValue().reversed());
            for (int place = 1; place <= Math.min(10, ranked.size()); place++) {
              Map.Entry<String, Long> row = ranked.get(place - 1);
              rows.add(minute + " " + place + " " + row.getKey() + " " + row.getValue());
            }
          });
      return rows;
    }
  }

  @ParameterizedTest(name = "parallelism {0}")
  @ValueSource(ints = {1, 3})
  void sample_givesTheBusiestDomains_andTheDuplicates(int parallelism) throws Exception {
    Program.Result result =
        Program.run(
            folder,
            "run",
            Program.ROOT.resolve("examples/crawler.yaml").toString(),
            "--set",
            "duplicates=" + folder.resolve("duplicates.json"),
            "--parallelism",
            Integer.toString(parallelism),
            "-o",
            "json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    List<String> rows = new ArrayList<>();
    for (JsonNode row : JSON.readTree(result.out()).path("rows")) {
      rows.add(
          row.path("window_start").asString()
              + " "
              + row.path("place").asLong()
              + " "
              + row.path("domain").asString()
              + " "
              + row.path("pages").asLong());
    }
    Told told = Told.of(Page.read(Files.readAllLines(SAMPLE).stream()));
    assertThat(told.duplicates()).isNotEmpty();
    assertThat(rows).containsExactlyInAnyOrderElementsOf(told.busiest());
    assertThat(duplicates()).containsExactlyInAnyOrderElementsOf(told.duplicates());
  }

  /** Each writer has a file of its own. */
  private List<Page> duplicates() throws IOException {
    List<Page> pages = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(CrawlerIT::holdsDuplicates).toList()) {
        pages.addAll(Page.read(Files.readAllLines(file).stream()));
      }
    }
    return pages;
  }

  private static boolean holdsDuplicates(Path file) {
    return file.getFileName().toString().startsWith("duplicates") && Files.isRegularFile(file);
  }
}
