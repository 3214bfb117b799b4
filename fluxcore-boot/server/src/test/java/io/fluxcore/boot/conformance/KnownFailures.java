package io.fluxcore.boot.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cases that are known to fail, as a page tells them: rows of a table whose first cell is the id of
 * a case in back ticks. They count as failed; what is reported is what the page does not say.
 */
final class KnownFailures {
  private static final Pattern ROW = Pattern.compile("\\| `([\\w.-]+\\.[\\w.-]+)` \\|.*\\|");

  private final Set<String> ids;

  private KnownFailures(Set<String> ids) {
    this.ids = ids;
  }

  /** None is known. */
  static KnownFailures none() {
    return new KnownFailures(Set.of());
  }

  /** Those that a page lists. */
  static KnownFailures of(Path page) throws IOException {
    Set<String> ids = new TreeSet<>();
    for (String line : Files.readAllLines(page)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        ids.add(row.group(1));
      }
    }
    return new KnownFailures(ids);
  }

  /** What the page does not say: failures that are not listed, and passes that are. */
  List<String> news(Report report) {
    List<String> news = new ArrayList<>();
    for (String id : report.ids(Outcome.Status.FAILED)) {
      if (!ids.contains(id)) {
        news.add(id + " failed");
      }
    }
    for (String id : report.ids(Outcome.Status.PASSED)) {
      if (ids.contains(id)) {
        news.add(id + " is listed as a failure, and passed");
      }
    }
    return news;
  }
}
