package io.fluxcore.boot.conformance;

import io.fluxcore.boot.conformance.Outcome.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How cases ended, by group. */
final class Report {
  /** The name of the line for all groups together. */
  static final String ALL = "all";

  private final List<Entry> entries = new ArrayList<>();

  private record Entry(ConformanceCase tested, Outcome outcome) {}

  /** Counts of a group. */
  record Counts(int passed, int failed, int unsupported) {
    private static final Counts ZERO = new Counts(0, 0, 0);

    int total() {
      return passed + failed + unsupported;
    }

    private Counts plus(Status status) {
      return switch (status) {
        case PASSED -> new Counts(passed + 1, failed, unsupported);
        case FAILED -> new Counts(passed, failed + 1, unsupported);
        case UNSUPPORTED -> new Counts(passed, failed, unsupported + 1);
      };
    }

    private String line(String group) {
      return group + " " + passed + " " + failed + " " + unsupported + " " + total();
    }
  }

  void add(ConformanceCase tested, Outcome outcome) {
    entries.add(new Entry(tested, outcome));
  }

  Counts all() {
    Counts counts = Counts.ZERO;
    for (Entry entry : entries) {
      counts = counts.plus(entry.outcome().status());
    }
    return counts;
  }

  private Map<String, Counts> groups() {
    Map<String, Counts> groups = new TreeMap<>();
    for (Entry entry : entries) {
      String group = entry.tested().group();
      groups.put(group, groups.getOrDefault(group, Counts.ZERO).plus(entry.outcome().status()));
    }
    return groups;
  }

  /** One line per group, {@code group passed failed unsupported total}, and one for all. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    groups().forEach((group, counts) -> lines.add(counts.line(group)));
    lines.add(all().line(ALL));
    return lines;
  }

  /** The failed cases, each with what differs. */
  List<String> failures() {
    return entries.stream()
        .filter(entry -> entry.outcome().status() == Status.FAILED)
        .map(entry -> "FAILED " + entry.tested().id() + ": " + entry.outcome().reason())
        .toList();
  }

  /** The ids of the cases that ended so. */
  List<String> ids(Status status) {
    return entries.stream()
        .filter(entry -> entry.outcome().status() == status)
        .map(entry -> entry.tested().id())
        .toList();
  }

  /** The counts and every case, as JSON. */
  String json() {
    JsonMapper mapper = JsonMapper.shared();
    ObjectNode root = mapper.createObjectNode();
    ArrayNode groups = root.putArray("groups");
    groups().forEach((group, counts) -> add(counts, group, groups.addObject()));
    add(all(), ALL, root.putObject(ALL));
    ArrayNode cases = root.putArray("cases");
    for (Entry entry : entries) {
      cases
          .addObject()
          .put("id", entry.tested().id())
          .put("group", entry.tested().group())
          .put("kind", entry.tested().kind())
          .put("outcome", entry.outcome().status().name().toLowerCase(Locale.ROOT))
          .put("reason", entry.outcome().reason());
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  private static void add(Counts counts, String group, ObjectNode node) {
    node.put("group", group)
        .put("passed", counts.passed())
        .put("failed", counts.failed())
        .put("unsupported", counts.unsupported())
        .put("total", counts.total());
  }
}
