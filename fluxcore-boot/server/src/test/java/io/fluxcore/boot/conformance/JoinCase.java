package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.ResultRow;
import io.fluxcore.application.scripted.ScriptSource;
import io.fluxcore.application.scripted.ScriptedHost;
import io.fluxcore.application.scripted.Step;
import io.fluxcore.application.scripted.Transcript;
import io.fluxcore.application.scripted.Variant;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** A case of an interval join, ready to be run: a bag of pairs, and of late rows. */
final class JoinCase {
  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final String KEY = "key";
  private static final String VALUE = "value";
  private static final String TIME = "time";

  /** Values are compared as text: peers put them together as text. */
  private static final Schema SCHEMA =
      Schema.builder()
          .field(KEY, DataType.LONG)
          .field(VALUE, DataType.STRING)
          .field(TIME, DataType.LONG)
          .build();

  private final ConformanceCase tested;
  private final JoinConfig join;
  private final boolean isStreamTime;
  private final List<Step> script = new ArrayList<>();

  /**
   * Reads a case.
   *
   * @throws UnsupportedCaseException if it says something that is not known here
   */
  JoinCase(ConformanceCase tested) {
    this.tested = tested;
    JsonNode definition = tested.definition();
    if (!definition.path("type").asString().equals("interval_join")) {
      throw new UnsupportedCaseException("a join of another kind: " + definition.path("type"));
    }
    isStreamTime = definition.has("before_ms");
    readScript();
    join = isStreamTime ? streamTimeJoin(definition) : join(definition).build();
  }

  private static JoinConfig.JoinBuilder join(JsonNode definition) {
    return join(
        definition,
        bound(definition, "lower", definition.path("lower_inclusive").asBoolean() ? 0 : 1),
        bound(definition, "upper", definition.path("upper_inclusive").asBoolean() ? 0 : -1));
  }

  private static JoinConfig.JoinBuilder join(JsonNode definition, long lower, long upper) {
    return JoinConfig.interval(Duration.ofMillis(lower), Duration.ofMillis(upper))
        .withType(JoinType.valueOf(definition.path("join").asString().toUpperCase(Locale.ROOT)))
        .withOn(KEY)
        .withAllowedLateness(Duration.ofMillis(definition.path("grace_ms").asLong(0)))
        .withLateOutput();
  }

  /**
   * Kafka holds a row until the time of its own stream is before + after + grace further, and
   * FluxCore until that of both is its bound + grace + what late rows may match longer.
   */
  private JoinConfig streamTimeJoin(JsonNode definition) {
    long before = definition.path("before_ms").longValue();
    long after = definition.path("after_ms").longValue();
    return join(definition, -before, after)
        .withLateMatches(Duration.ofMillis(Math.max(before, after) + largestLead()))
        .build();
  }

  /** How far the time of both streams is ahead of that of one that has rows, at most. */
  private long largestLead() {
    Map<String, Long> times = new TreeMap<>();
    long lead = 0;
    for (Step step : script) {
      if (step instanceof Step.Row row) {
        times.merge(row.source(), row.timestamp(), Math::max);
        long now = Collections.max(times.values());
        lead = Math.max(lead, now - Collections.min(times.values()));
      }
    }
    return lead;
  }

  private static long bound(JsonNode definition, String name, long exclusive) {
    JsonNode millis = definition.path(name + "_ms");
    if (!millis.isIntegralNumber()) {
      throw new UnsupportedCaseException("an interval join without " + name + "_ms");
    }
    return millis.longValue() + exclusive;
  }

  /** Without watermarks time is the largest timestamp seen; rows of that time are not late. */
  private void readScript() {
    long now = Long.MIN_VALUE;
    for (JsonNode row : tested.rows("input")) {
      String source = row.path("stream").asString("");
      if (row.has("watermark")) {
        script.add(new Step.Watermark(source, row.path("watermark").longValue()));
        continue;
      }
      if (Fields.isControl(row) || !row.has("ts")) {
        throw new UnsupportedCaseException("a join with the step " + row);
      }
      long time = row.path("ts").longValue();
      script.add(new Step.Row(source, time, values(row, time)));
      if (isStreamTime && time > now) {
        now = time;
        script.add(new Step.Watermark(now - 1));
      }
    }
  }

  private static Map<String, Object> values(JsonNode row, long time) {
    Map<String, Object> values = new TreeMap<>();
    values.put(KEY, row.path(KEY).asLong(0));
    values.put(VALUE, row.has(VALUE) ? row.path(VALUE).asString() : null);
    values.put(TIME, time);
    return values;
  }

  /** Runs the case; what differs from the expectation, empty if nothing does. */
  String difference(Variant variant) {
    Transcript transcript = new Transcript();
    StreamTopology topology =
        StreamTopology.builder()
            .source(LEFT, SourceConfig.custom(new ScriptSource(SCHEMA)).build())
            .source(RIGHT, SourceConfig.custom(new ScriptSource(SCHEMA)).build())
            .join("join", join, LEFT, RIGHT)
            .sink(WindowTopology.RESULTS, SinkConfig.custom(transcript.mainSink()).build())
            .sink(
                WindowTopology.LATE,
                SinkConfig.custom(transcript.lateSink()).build(),
                "join.late",
                "join.lateRight")
            .build();
    ScriptedHost.run(parallelism -> Plans.of(topology, parallelism), variant, transcript, script);
    if (!transcript.failures().isEmpty()) {
      return "rows failed: " + transcript.failures();
    }
    String pairs =
        difference(
            "results",
            tested.rows("expected").stream().map(this::expected).toList(),
            transcript.results().stream().map(this::actual).toList());
    return pairs.isEmpty() && tested.json().has("expected_late")
        ? difference(
            "late rows",
            tested.rows("expected_late").stream().map(row -> row.path("ts").asString()).toList(),
            transcript.late().stream().map(row -> String.valueOf(row.timestamp())).toList())
        : pairs;
  }

  private String expected(JsonNode row) {
    return isStreamTime
        ? row.path(KEY).asString() + " " + row.path(VALUE).asString() + "@" + row.path("ts")
        : row.path("left_ts") + " " + row.path("right_ts") + "@" + row.path("ts");
  }

  private String actual(ResultRow row) {
    Map<String, Object> values = row.values();
    if (!isStreamTime) {
      return values.get(TIME) + " " + values.get("right_" + TIME) + "@" + row.timestamp();
    }
    Object key = values.get(KEY) == null ? values.get("right_" + KEY) : values.get(KEY);
    return key
        + " "
        + values.get(VALUE)
        + "+"
        + values.get("right_" + VALUE)
        + "@"
        + row.timestamp();
  }

  /** What is missing and what is too much; empty if both are the same bag. */
  private static String difference(String what, List<String> expected, List<String> actual) {
    Map<String, Integer> counts = new TreeMap<>();
    expected.forEach(row -> counts.merge(row, 1, Integer::sum));
    actual.forEach(row -> counts.merge(row, -1, Integer::sum));
    List<String> missing = new ArrayList<>();
    List<String> unexpected = new ArrayList<>();
    counts.forEach(
        (row, count) -> {
          for (int i = 0; i < Math.abs(count); i++) {
            (count > 0 ? missing : unexpected).add(row);
          }
        });
    return missing.isEmpty() && unexpected.isEmpty()
        ? ""
        : what + ": missing " + missing + ", unexpected " + unexpected;
  }
}
