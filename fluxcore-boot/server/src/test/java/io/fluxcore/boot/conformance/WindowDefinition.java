package io.fluxcore.boot.conformance;

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
 * @param isSession session windows
 * @param sizeMillis length of a window; the gap of sessions
 * @param slideMillis from one start to the next; the size for tumbling windows
 * @param isProcessingTime processing time; otherwise event time
 * @param graceMillis how long after its end a window still takes rows, where there are no
 *     watermarks (Kafka)
 * @param keys fields of the group; none for one group of all rows
 * @param isPurging each firing gives what came since the last one
 */
record WindowDefinition(
    Operation operation,
    Emission emission,
    boolean isSession,
    long sizeMillis,
    long slideMillis,
    long offsetMillis,
    boolean isProcessingTime,
    long graceMillis,
    List<String> keys,
    List<Aggregate> aggregates,
    boolean isPurging,
    long allowedLatenessMillis) {

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
      Map.of(
          "global", "global windows are not in the engine yet",
          "cumulative", "cumulative windows are not in the engine yet",
          "count", "count windows are not in the engine yet",
          "kafka-sliding", "windows aligned to each record (Kafka) are not in the engine yet");

  static WindowDefinition of(JsonNode json) {
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
    only(
        "window",
        window,
        Set.of("type", "time", "size_ms", "slide_ms", "gap_ms", "offset_ms", "grace_ms"));
    Operation operation = operation(json);
    boolean isSession = type.equals("session");
    if (operation == Operation.MERGE && !isSession) {
      throw new UnsupportedCaseException("windows of type '" + type + "' are not merged");
    }
    long size =
        operation == Operation.MERGE
            ? MergedWindows.GAP_MILLIS
            : millis(window, isSession ? "gap_ms" : "size_ms");
    String time = window.path("time").asString("event");
    if (!time.equals("event") && !time.equals("processing")) {
      throw new UnsupportedCaseException("windows over " + time + " time are not known");
    }
    Emission emission = emission(json);
    return new WindowDefinition(
        operation,
        emission,
        isSession,
        size,
        type.equals("sliding") ? millis(window, "slide_ms") : size,
        window.path("offset_ms").asLong(0),
        time.equals("processing"),
        window.path("grace_ms").asLong(json.path("allowed_lateness_ms").asLong(0)),
        keys(json.path("key")),
        aggregates(json.path("aggregate")),
        isPurging(json.path("trigger"), time),
        json.path("allowed_lateness_ms").asLong(0));
  }

  private static void checkType(String type) {
    String missing = MISSING_WINDOWS.get(type);
    if (missing != null) {
      throw new UnsupportedCaseException(missing);
    }
    if (!List.of("tumbling", "sliding", "session").contains(type)) {
      throw new UnsupportedCaseException("windows of type '" + type + "' are not known");
    }
  }

  private static void only(String place, JsonNode json, Set<String> known) {
    for (String name : json.propertyNames()) {
      if (!known.contains(name)) {
        throw new UnsupportedCaseException(
            place + ": '" + name + "' = " + json.path(name) + " is not known");
      }
    }
  }

  private static long millis(JsonNode window, String name) {
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

  private static boolean isPurging(JsonNode trigger, String windowTime) {
    if (trigger.isMissingNode()) {
      return false;
    }
    String type = trigger.path("type").asString("none");
    if (!type.equals("on_window_end")) {
      throw new UnsupportedCaseException(
          "triggers of type '" + type + "' are not in the engine yet");
    }
    only("trigger", trigger, Set.of("type", "time", "purging"));
    String time = trigger.path("time").asString(windowTime);
    if (!time.equals(windowTime)) {
      throw new UnsupportedCaseException(
          "a trigger of " + time + " time on windows of " + windowTime + " time");
    }
    return trigger.path("purging").asBoolean(false);
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

  /** Sessions that grow take their earlier results back, where each row gives one (Kafka). */
  boolean isRetracting() {
    return isSession && (emission == Emission.ON_UPDATE || emission == Emission.FINAL_STATE);
  }

  /** Fields whose values are wanted in the order of their arrival. */
  List<String> arrivalFields() {
    return aggregates.stream()
        .filter(aggregate -> aggregate.function().equals("concat"))
        .map(Aggregate::field)
        .toList();
  }
}
