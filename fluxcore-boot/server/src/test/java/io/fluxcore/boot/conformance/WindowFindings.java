package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.ResultRow;
import io.fluxcore.application.scripted.Transcript;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a window case expects, and what a transcript shows of it, as comparable findings. */
final class WindowFindings {
  private static final String WATERMARKS = "watermarks";
  private static final String LATE_ROWS = "late rows";

  private final ConformanceCase tested;
  private final WindowDefinition definition;
  private final Order order;
  private final Set<String> resultFields;
  private final Set<String> lateFields;

  /** What the order of results means. */
  private enum Order {
    /** Watermarks are in order, rows between two of them are not. */
    BETWEEN_WATERMARKS,
    /** Per group; there is none between groups. */
    ORDERED,
    NONE
  }

  WindowFindings(ConformanceCase tested, WindowDefinition definition) {
    this.tested = tested;
    this.definition = definition;
    this.order = order(tested.json().path("compare").asString("bag"));
    this.resultFields = fields(tested.rows("expected"));
    this.lateFields = fields(tested.rows("expected_late"));
    resultFields.forEach(this::checkResultField);
  }

  private static Order order(String compare) {
    if (compare.startsWith("watermark positions exact")) {
      return Order.BETWEEN_WATERMARKS;
    }
    if (compare.startsWith("ordered")) {
      return Order.ORDERED;
    }
    if (compare.startsWith("bag") || compare.startsWith("set") || compare.equals("empty")) {
      return Order.NONE;
    }
    throw new UnsupportedCaseException("compare: '" + compare + "' is not known");
  }

  private static Set<String> fields(List<JsonNode> rows) {
    Set<String> fields = new LinkedHashSet<>();
    for (JsonNode row : rows) {
      if (!isWatermark(row)) {
        Set<String> own = new LinkedHashSet<>(row.propertyNames());
        if (!fields.isEmpty() && !fields.equals(own)) {
          throw new UnsupportedCaseException("expected rows have different fields");
        }
        fields = own;
      }
    }
    return fields;
  }

  private static boolean isWatermark(JsonNode row) {
    return row.has("watermark");
  }

  private void checkResultField(String field) {
    boolean known =
        switch (field) {
          case "ts", "window_start", "window_end", "window", "windows", "elements" -> true;
          case "merged", "into" -> definition.operation() == WindowDefinition.Operation.MERGE;
          case "window_last" -> definition.isSession() && definition.emission().isStreamTime();
          case "value" -> definition.aggregates().size() == 1;
          default ->
              definition.keys().contains(field)
                  || definition.aggregates().stream().anyMatch(a -> a.function().equals(field));
        };
    if (!known) {
      throw new UnsupportedCaseException("expected field '" + field + "' is not known");
    }
  }

  /** What the case says. */
  Findings expected() {
    Findings findings = new Findings();
    switch (definition.operation()) {
      case ASSIGN -> tested.rows("expected").forEach(row -> addWindows(row, findings));
      case GROUP -> tested.rows("expected").forEach(row -> findings.add("windows", grouped(row)));
      case MERGE ->
          tested
              .rows("expected")
              .forEach(row -> findings.add("windows", MergedWindows.expected(row)));
      case AGGREGATE -> addExpectedResults(findings);
    }
    return order == Order.ORDERED ? findings : sortedButWatermarks(findings);
  }

  private static void addWindows(JsonNode row, Findings findings) {
    List<String> windows = findings.at(place(row.path("ts").longValue()));
    row.path("windows").forEach(window -> windows.add(bounds(window)));
  }

  /** The place of the windows of a timestamp. */
  private static String place(long timestamp) {
    return "windows of " + timestamp;
  }

  static String bounds(JsonNode window) {
    return "[" + window.path(0).longValue() + ", " + window.path(1).longValue() + ")";
  }

  private static String grouped(JsonNode row) {
    java.util.TreeSet<Long> elements = new java.util.TreeSet<>();
    row.path("elements").forEach(element -> elements.add(element.longValue()));
    return bounds(row.path("window")) + " " + elements;
  }

  private void addExpectedResults(Findings findings) {
    Timeline timeline = new Timeline(findings);
    for (JsonNode row : tested.rows("expected")) {
      if (isWatermark(row)) {
        timeline.watermark(row.path("watermark").longValue());
      } else {
        Map<String, String> values = new LinkedHashMap<>();
        resultFields.forEach(field -> values.put(field, Texts.of(row.path(field))));
        timeline.row(values);
      }
    }
    for (JsonNode row : tested.rows("expected_late")) {
      Map<String, String> values = new LinkedHashMap<>();
      lateFields.forEach(field -> values.put(field, Texts.of(row.path(field))));
      findings.add(LATE_ROWS, Texts.row(values));
    }
  }

  /** Watermarks rise, so sorting their list as a number would not change it; as text it would. */
  private static Findings sortedButWatermarks(Findings findings) {
    List<String> watermarks = List.copyOf(findings.at(WATERMARKS));
    findings.sorted();
    findings.at(WATERMARKS).clear();
    findings.at(WATERMARKS).addAll(watermarks);
    return findings;
  }

  /**
   * What the engine gave.
   *
   * @param transcripts one for each timestamp of an assignment, else one
   */
  Findings actual(List<Transcript> transcripts) {
    Findings findings = new Findings();
    for (Transcript transcript : transcripts) {
      transcript.failures().forEach(failure -> findings.add("failed rows", failure));
      switch (definition.operation()) {
        case ASSIGN -> transcript.results().forEach(row -> addAssigned(row, findings));
        case GROUP ->
            transcript
                .results()
                .forEach(row -> findings.add("windows", bounds(row) + " " + elements(row)));
        case MERGE -> transcript.results().forEach(row -> addMerged(row, findings));
        case AGGREGATE -> addActualResults(transcript, findings);
      }
    }
    return order == Order.ORDERED ? findings : sortedButWatermarks(findings);
  }

  private static void addAssigned(ResultRow row, Findings findings) {
    String elements = elements(row); // of one row: [timestamp]
    findings.add(place(Long.parseLong(elements.substring(1, elements.length() - 1))), bounds(row));
  }

  private void addMerged(ResultRow row, Findings findings) {
    List<Long> members = new ArrayList<>();
    String elements = elements(row);
    for (String element : elements.substring(1, elements.length() - 1).split(", ")) {
      members.add(Long.parseLong(element));
    }
    MergedWindows.addActual(
        tested.rows("input"),
        members,
        millis(row.values().get("window_start")),
        millis(row.values().get("window_end")),
        findings);
  }

  private static long millis(Object bound) {
    return ((Instant) bound).toEpochMilli();
  }

  private static String elements(ResultRow row) {
    return String.valueOf(row.values().get(WindowTopology.ELEMENTS));
  }

  private static String bounds(ResultRow row) {
    return "["
        + Texts.of(row.values().get("window_start"))
        + ", "
        + Texts.of(row.values().get("window_end"))
        + ")";
  }

  private void addActualResults(Transcript transcript, Findings findings) {
    Timeline timeline = new Timeline(findings);
    for (Transcript.Entry entry : asked(transcript.main())) {
      if (entry instanceof Transcript.Entry.Result result) {
        Map<String, String> values = new LinkedHashMap<>();
        resultFields.forEach(field -> values.put(field, Texts.of(value(result.row(), field))));
        timeline.row(values);
      } else if (entry instanceof Transcript.Entry.Forwarded forwarded) {
        timeline.watermark(forwarded.watermark());
      }
    }
    if (tested.json().has("expected_late")) {
      for (ResultRow row : transcript.late()) {
        Map<String, String> values = new LinkedHashMap<>();
        // with no late row expected, any one shows by its place alone
        lateFields.forEach(field -> values.put(field, Texts.of(lateValue(row, field))));
        findings.add(LATE_ROWS, Texts.row(values));
      }
    }
  }

  /**
   * Without watermarks (Kafka) no window starts before 0, and the final state is the last result of
   * each window that is not taken back.
   */
  private List<Transcript.Entry> asked(List<Transcript.Entry> entries) {
    if (!definition.emission().isStreamTime()) {
      return entries;
    }
    Map<String, Transcript.Entry> last = new LinkedHashMap<>();
    List<Transcript.Entry> all = new ArrayList<>();
    for (Transcript.Entry entry : entries) {
      if (entry instanceof Transcript.Entry.Result result
          && !bounds(result.row()).startsWith("[-")) {
        all.add(entry);
        List<String> group = new ArrayList<>();
        definition.keys().forEach(key -> group.add(Texts.of(result.row().values().get(key))));
        if (result.row().kind().isRetraction()) {
          last.remove(group + bounds(result.row()));
        } else {
          last.put(group + bounds(result.row()), entry);
        }
      }
    }
    return definition.emission() == WindowDefinition.Emission.FINAL_STATE
        ? List.copyOf(last.values())
        : all;
  }

  private Object value(ResultRow row, String field) {
    boolean isAggregate =
        definition.aggregates().stream().anyMatch(a -> a.function().equals(field));
    if (row.kind().isRetraction() && (isAggregate || isTheAggregate(field))) {
      return null; // what is taken back has no value
    }
    return switch (field) {
      case "window_last" -> row.values().get(WindowTopology.LAST_TIME);
      case "ts" ->
          definition.emission().isStreamTime()
              ? row.values().get(WindowTopology.LAST_TIME)
              : row.timestamp();
      case "value" ->
          isTheAggregate(field)
              ? row.values().get(definition.aggregates().get(0).function())
              : row.values().get(field);
      default -> row.values().get(field);
    };
  }

  /** Whether a field named {@code value} is not the key's. */
  private boolean isTheAggregate(String field) {
    return field.equals("value") && !definition.keys().contains(field);
  }

  private static Object lateValue(ResultRow row, String field) {
    return field.equals(Fields.TIME) ? Long.valueOf(row.timestamp()) : row.values().get(field);
  }

  /** Puts rows where the order asks for. */
  private final class Timeline {
    private final Findings findings;
    private long last = Long.MIN_VALUE;

    Timeline(Findings findings) {
      this.findings = findings;
    }

    void row(Map<String, String> values) {
      String place =
          switch (order) {
            case BETWEEN_WATERMARKS ->
                last == Long.MIN_VALUE ? "before the first watermark" : "after watermark " + last;
            case ORDERED -> "rows of " + group(values);
            case NONE -> "rows";
          };
      findings.add(place, Texts.row(values));
    }

    private List<String> group(Map<String, String> values) {
      return definition.keys().stream().map(key -> values.getOrDefault(key, "?")).toList();
    }

    /** A watermark that does not rise says nothing, and FluxCore does not hand it on. */
    void watermark(long watermark) {
      if (watermark > last && order == Order.BETWEEN_WATERMARKS) {
        last = watermark;
        findings.add(WATERMARKS, Long.toString(watermark));
      }
    }
  }
}
