package io.fluxcore.boot.conformance;

import io.fluxcore.application.scripted.ResultRow;
import io.fluxcore.application.scripted.ScriptSource;
import io.fluxcore.application.scripted.ScriptedHost;
import io.fluxcore.application.scripted.Step;
import io.fluxcore.application.scripted.Transcript;
import io.fluxcore.application.scripted.Variant;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.pattern.PatternMatching;
import io.fluxcore.domain.topology.PatternConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A case of a pattern, ready to be run. Where events have no times, or the case feeds them out of
 * order and has no watermarks, arrival is their order: their times are 1, 2, 3 and so on. Without
 * watermarks of its own, a case has time go on to that of each event before it comes.
 */
final class PatternCase {
  private static final String MATCHES = "matches";
  private static final String TIMEOUTS = "timeouts";

  private final ConformanceCase tested;
  private final PatternDefinition.Read definition;
  private final Schema schema;
  private final List<Step> script = new ArrayList<>();
  private final Map<String, String> events = new LinkedHashMap<>();

  PatternCase(ConformanceCase tested) {
    this.tested = tested;
    this.definition = PatternDefinition.of(tested.definition());
    List<JsonNode> rows = new ArrayList<>();
    for (JsonNode row : tested.rows("input")) {
      if (row.has("ref")) {
        rows.add(row.path("value"));
        events.put(row.path("ref").asString(), text(row.path("value")));
      } else if (!row.has("watermark") && !row.has("end_of_input")) {
        throw new UnsupportedCaseException("a control row " + row);
      }
    }
    Fields fields = new Fields(rows, List.copyOf(definition.fields()), List.of());
    this.schema = fields.schema();
    script(fields);
  }

  private void script(Fields fields) {
    List<JsonNode> input = tested.rows("input");
    boolean hasWatermarks = input.stream().anyMatch(row -> row.has("watermark"));
    boolean byArrival = !hasWatermarks && !isOrdered(input);
    if (byArrival && definition.withinMillis() > 0) {
      throw new UnsupportedCaseException("events out of order, without watermarks but with a time");
    }
    long time = 0;
    for (JsonNode row : input) {
      if (row.has("watermark")) {
        script.add(new Step.Watermark(row.path("watermark").longValue()));
      } else if (row.has("end_of_input")) {
        script.add(new Step.EndOfInput());
      } else {
        time = byArrival ? time + 1 : row.path("ts").longValue();
        if (!hasWatermarks) {
          script.add(new Step.Watermark(time - 1));
        }
        script.add(new Step.Row(time, fields.values(row.path("value"), script.size())));
      }
    }
    if (!hasWatermarks) {
      script.add(new Step.Watermark(time));
    }
  }

  private static boolean isOrdered(List<JsonNode> input) {
    long before = Long.MIN_VALUE;
    for (JsonNode row : input) {
      if (row.has("ref")) {
        if (!row.path("ts").isNumber() || row.path("ts").longValue() < before) {
          return false;
        }
        before = row.path("ts").longValue();
      }
    }
    return true;
  }

  /** Runs the case; what differs from the expectation, empty if nothing does. */
  String difference(Variant variant) {
    if (tested.json().hasNonNull("expected_error")) {
      try {
        run(variant, new Transcript());
        return "expected an error, there was none";
      } catch (FluxCoreException e) {
        return "";
      }
    }
    Transcript transcript = new Transcript();
    run(variant, transcript);
    if (!transcript.failures().isEmpty()) {
      return "failed rows: " + transcript.failures();
    }
    return expected().sorted().difference(actual(transcript).sorted());
  }

  private void run(Variant variant, Transcript transcript) {
    StreamTopology topology = topology(transcript);
    ScriptedHost.run(parallelism -> Plans.of(topology, parallelism), variant, transcript, script);
  }

  private StreamTopology topology(Transcript transcript) {
    return StreamTopology.builder()
        .source("input", SourceConfig.custom(new ScriptSource(schema)).build())
        .pattern(
            "pattern",
            PatternConfig.pattern(definition.pattern())
                .withKey(definition.key().toArray(String[]::new))
                .build())
        .sink(WindowTopology.RESULTS, SinkConfig.custom(transcript.mainSink()).build())
        .sink(
            WindowTopology.LATE,
            SinkConfig.custom(transcript.lateSink()).build(),
            "pattern." + PatternConfig.TIMEOUT_PORT)
        .build();
  }

  // --- What is compared -------------------------------------------------------------------------

  private Findings expected() {
    Findings findings = new Findings();
    if (tested.json().hasNonNull("expected_count")) {
      findings.add("count", tested.json().path("expected_count").asString());
    } else {
      findings.at(MATCHES);
      for (JsonNode match : tested.rows("expected")) {
        List<String> bag = new ArrayList<>();
        match.forEach(ref -> bag.add(events.get(ref.asString())));
        bag.sort(null);
        findings.add(MATCHES, bag.toString());
      }
    }
    if (tested.json().hasNonNull("expected_timeouts")) {
      for (JsonNode timeout : tested.rows("expected_timeouts")) {
        Map<String, List<String>> stages = new TreeMap<>();
        JsonNode match = timeout.path("match");
        for (String stage : match.propertyNames()) {
          List<String> list = stages.computeIfAbsent(stage, s -> new ArrayList<>());
          match.path(stage).forEach(ref -> list.add(events.get(ref.asString())));
        }
        findings.add(TIMEOUTS, stages + time(timeout.path("timeout_ts")));
      }
    }
    return distinct(findings);
  }

  private static String time(JsonNode time) {
    return time.isNumber() ? "@" + time.longValue() : "";
  }

  private Findings actual(Transcript transcript) {
    Findings findings = new Findings();
    if (tested.json().hasNonNull("expected_count")) {
      findings.add("count", String.valueOf(transcript.results().size()));
    } else {
      findings.at(MATCHES);
      for (ResultRow row : transcript.results()) {
        List<String> bag = new ArrayList<>();
        stages(row).values().forEach(bag::addAll);
        bag.sort(null);
        findings.add(MATCHES, bag.toString());
      }
    }
    if (tested.json().hasNonNull("expected_timeouts")) {
      boolean withTimes = tested.rows("expected_timeouts").get(0).has("timeout_ts");
      for (ResultRow row : transcript.late()) {
        findings.add(TIMEOUTS, stages(row) + (withTimes ? "@" + row.timestamp() : ""));
      }
    }
    return distinct(findings);
  }

  /** Where the origin compares sets, equal ones count once. */
  private Findings distinct(Findings findings) {
    String compare = tested.json().path("compare").asString("");
    if (compare.startsWith("set")) {
      List<String> list = findings.at(MATCHES);
      TreeSet<String> set = new TreeSet<>(list);
      list.clear();
      list.addAll(set);
    }
    return findings;
  }

  private Map<String, List<String>> stages(ResultRow row) {
    Map<String, List<String>> stages = new TreeMap<>();
    ((Map<?, ?>) row.values().get(PatternMatching.EVENTS))
        .forEach(
            (stage, list) -> {
              List<String> texts = stages.computeIfAbsent((String) stage, s -> new ArrayList<>());
              ((List<?>) list).forEach(event -> texts.add(text((Map<?, ?>) event)));
            });
    return stages;
  }

  private static String text(JsonNode value) {
    Map<String, String> texts = new LinkedHashMap<>();
    ((ObjectNode) value)
        .forEachEntry(
            (name, field) -> {
              if (!field.isNull()) {
                texts.put(name, Texts.of(field));
              }
            });
    return Texts.row(texts);
  }

  private static String text(Map<?, ?> event) {
    Map<String, String> texts = new LinkedHashMap<>();
    event.forEach(
        (name, field) -> {
          if (field != null) {
            texts.put((String) name, Texts.of(field));
          }
        });
    return Texts.row(texts);
  }
}
