package io.fluxcore.boot.conformance;

import io.fluxcore.domain.window.Touching;
import io.fluxcore.domain.window.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A neutral definition of a window aggregation. Whatever it says beyond what is listed here is
 * refused, never ignored.
 *
 * @param operation what the case looks at
 * @param windows which windows
 * @param isProcessingTime processing time; otherwise event time
 * @param graceMillis how long after its end a window still takes rows, where there are no
 *     watermarks (Kafka)
 * @param keys fields of the group; none for one group of all rows
 * @param trigger when windows fire
 * @param isPurging each firing gives what came since the last one
 * @param dropsBehindWatermark whether rows older than the watermark are dropped, even where their
 *     window is open
 */
record WindowDefinition(
    Operation operation,
    Emission emission,
    Windows windows,
    boolean isProcessingTime,
    long graceMillis,
    List<String> keys,
    List<Aggregate> aggregates,
    Trigger trigger,
    boolean isPurging,
    long allowedLatenessMillis,
    boolean dropsBehindWatermark) {

  enum Operation {
    /** Which windows a timestamp belongs to. */
    ASSIGN,
    /** Which timestamps each window holds. */
    GROUP,
    /** Which windows become one. */
    MERGE,
    /** Results of aggregates. */
    AGGREGATE
  }

  /** When results come. */
  enum Emission {
    /** As a watermark or the clock passes a window's end, and for late rows. */
    ON_TIME,
    /** Once, when the largest timestamp seen has passed a window's end and the grace. */
    ON_CLOSE,
    /** For each row. */
    ON_UPDATE,
    /** What each window holds after the last row. */
    FINAL_STATE;

    boolean isStreamTime() {
      return this != ON_TIME;
    }
  }

  /**
   * One aggregate.
   *
   * @param function sum, count, min, max, avg or concat
   * @param field what it aggregates; {@code *} for all rows
   * @param options initial and separator of concat
   */
  record Aggregate(String function, String field, Map<String, String> options) {
    String option(String name) {
      return options.getOrDefault(name, "");
    }
  }

  private static final Set<String> FUNCTIONS =
      Set.of("sum", "count", "min", "max", "avg", "concat");
  private static final Set<String> OPTIONS = Set.of("initial", "separator");
  private static final Map<String, String> MISSING_WINDOWS =
      Map.of("kafka-sliding", "windows aligned to each record (Kafka) are not in the engine yet");

  static WindowDefinition of(JsonNode json, Peer peer) {
    only(
        "definition",
        json,
        Set.of(
            "operation",
            "window",
            "key",
            "aggregate",
            "trigger",
            "allowed_lateness_ms",
            "late_to_side_output",
            "emit"));
    JsonNode window = json.path("window");
    String type = window.path("type").asString("none");
    checkType(type);
    Operation operation = operation(json);
    if (operation == Operation.MERGE && !type.equals("session")) {
      throw new UnsupportedCaseException("windows of type '" + type + "' are not merged");
    }
    String time = window.path("time").asString("event");
    if (!time.equals("event") && !time.equals("processing")) {
      throw new UnsupportedCaseException("windows over " + time + " time are not known");
    }
    Trigger trigger = trigger(json.path("trigger"), time);
    Emission emission = emission(json);
    return new WindowDefinition(
        operation,
        emission,
        operation == Operation.MERGE
            ? new Windows.Sessions(MergedWindows.GAP_MILLIS, Touching.MERGE)
            : Windows.of(type, window, peer),
        time.equals("processing"),
        window.path("grace_ms").asLong(json.path("allowed_lateness_ms").asLong(0)),
        keys(json.path("key")),
        aggregates(json.path("aggregate")),
        trigger,
        json.path("trigger").path("purging").asBoolean(false),
        json.path("allowed_lateness_ms").asLong(0),
        type.equals("session") && peer == Peer.HAZELCAST_JET);
  }

  private static void checkType(String type) {
    String missing = MISSING_WINDOWS.get(type);
    if (missing != null) {
      throw new UnsupportedCaseException(missing);
    }
  }

  static void only(String place, JsonNode json, Set<String> known) {
    for (String name : json.propertyNames()) {
      if (!known.contains(name)) {
        throw new UnsupportedCaseException(
            place + ": '" + name + "' = " + json.path(name) + " is not known");
      }
    }
  }

  static long number(JsonNode window, String name) {
    JsonNode value = window.path(name);
    if (!value.isIntegralNumber()) {
      throw new UnsupportedCaseException("window: " + name + " is " + value + ", not a number");
    }
    return value.longValue();
  }

  private static Operation operation(JsonNode json) {
    String operation = json.path("operation").asString("aggregate");
    return switch (operation) {
      case "assign" -> Operation.ASSIGN;
      case "group" -> Operation.GROUP;
      case "merge" -> Operation.MERGE;
      case "aggregate" -> Operation.AGGREGATE;
      default -> throw new UnsupportedCaseException("operation '" + operation + "' is not known");
    };
  }

  private static Emission emission(JsonNode json) {
    String emission = json.path("emit").asString("on_time");
    return switch (emission) {
      case "on_time" -> Emission.ON_TIME;
      case "on_close" -> Emission.ON_CLOSE;
      case "on_update" -> Emission.ON_UPDATE;
      case "final_state" -> Emission.FINAL_STATE;
      default -> throw new UnsupportedCaseException("emit '" + emission + "' is not known");
    };
  }

  private static List<String> keys(JsonNode json) {
    List<String> keys = new ArrayList<>();
    if (json.isString()) {
      keys.add(json.asString());
    } else {
      json.forEach(name -> keys.add(name.asString()));
    }
    return List.copyOf(keys);
  }

  private static Trigger trigger(JsonNode trigger, String windowTime) {
    if (trigger.isMissingNode()) {
      return Trigger.onWatermark();
    }
    String type = trigger.path("type").asString("none");
    return switch (type) {
      case "on_window_end" -> {
        only("trigger", trigger, Set.of("type", "time", "purging"));
        String time = trigger.path("time").asString(windowTime);
        if (!time.equals(windowTime)) {
          throw new UnsupportedCaseException(
              "a trigger of " + time + " time on windows of " + windowTime + " time");
        }
        yield Trigger.onWatermark();
      }
      case "end_of_stream", "on_end_of_input" -> {
        only("trigger", trigger, Set.of("type", "purging"));
        yield Trigger.onWatermark();
      }
      case "count" -> {
        only("trigger", trigger, Set.of("type", "count", "purging"));
        yield Trigger.afterCount(number(trigger, "count"));
      }
      case "continuous" -> {
        only("trigger", trigger, Set.of("type", "time", "interval_ms", "purging"));
        Duration interval = Duration.ofMillis(number(trigger, "interval_ms"));
        yield trigger.path("time").asString(windowTime).equals("processing")
            // as in Flink nothing fires at the end of the window but what is due
            ? Trigger.onWatermark().withEarlyEveryProcessingTime(interval).withoutWatermark()
            : Trigger.onWatermark().withEarlyEvery(interval);
      }
      default ->
          throw new UnsupportedCaseException(
              "triggers of type '" + type + "' are not in the engine yet");
    };
  }

  private static List<Aggregate> aggregates(JsonNode json) {
    List<Aggregate> aggregates = new ArrayList<>();
    for (String name : json.propertyNames()) {
      if (FUNCTIONS.contains(name)) {
        aggregates.add(new Aggregate(name, json.path(name).asString(), options(json)));
      } else if (!OPTIONS.contains(name)) {
        throw new UnsupportedCaseException("aggregate '" + name + "' is not known");
      }
    }
    return List.copyOf(aggregates);
  }

  private static Map<String, String> options(JsonNode json) {
    return Map.of(
        "initial", json.path("initial").asString(""),
        "separator", json.path("separator").asString(""));
  }

  /** Fields that the definition names. */
  List<String> fields() {
    List<String> fields = new ArrayList<>(keys);
    aggregates.stream()
        .map(Aggregate::field)
        .filter(field -> !field.equals("*"))
        .forEach(fields::add);
    return fields;
  }

  /** The field whose values are listed, where {@link #operation} is not to aggregate. */
  String elementsField() {
    return operation == Operation.MERGE ? MergedWindows.WINDOW : Fields.TIME;
  }

  boolean isSession() {
    return windows instanceof Windows.Sessions;
  }

  /** Sessions that grow take their earlier results back, where each row gives one (Kafka). */
  boolean isRetracting() {
    return isSession() && (emission == Emission.ON_UPDATE || emission == Emission.FINAL_STATE);
  }

  /** Fields whose values are wanted in the order of their arrival. */
  List<String> arrivalFields() {
    return aggregates.stream()
        .filter(aggregate -> aggregate.function().equals("concat"))
        .map(Aggregate::field)
        .toList();
  }
}
