package io.fluxcore.adapters.in.jobfile;

import static io.fluxcore.adapters.in.jobfile.SchemaParts.array;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.duration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.enumeration;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.flag;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.integer;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.named;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.object;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.ref;
import static io.fluxcore.adapters.in.jobfile.SchemaParts.text;

import io.fluxcore.adapters.in.jobfile.SchemaParts.Word;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The words of windows: one kind of window, with its settings. */
final class WindowSchema {
  /** The words of the kinds of windows. */
  static final List<String> KINDS =
      List.of("tumbling", "sliding", "cumulative", "session", "calendar", "count", "global");

  private WindowSchema() {}

  static ObjectNode window() {
    ObjectNode window =
        object(
            named(
                "tumbling",
                timed(List.of("duration"), length("Length of a window."), offset(), zone())),
            named(
                "sliding",
                timed(
                    List.of("duration", "slide"),
                    length("Length of a window."),
                    offset(),
                    zone(),
                    named("slide", duration("From one start to the next.")))),
            named(
                "cumulative",
                timed(
                    List.of("duration", "step"),
                    length("Length of the longest window."),
                    offset(),
                    zone(),
                    named("step", duration("By how much the next window is longer.")))),
            named("session", session()),
            named("calendar", calendar()),
            named("count", count()),
            named("global", global()));
    window.put("description", "How the stream is cut for the aggregate that follows.");
    window.put("minProperties", 1);
    window.put("maxProperties", 1);
    window.put("title", "one kind of window with its settings");
    return window;
  }

  /** Windows of time that are the same for all keys: their shapes alone. */
  static ObjectNode shapes(String description) {
    ObjectNode window =
        object(
            named(
                "tumbling",
                settings(
                    List.of("duration"), List.of(length("Length of a window."), offset(), zone()))),
            named(
                "sliding",
                settings(
                    List.of("duration", "slide"),
                    List.of(
                        length("Length of a window."),
                        offset(),
                        zone(),
                        named("slide", duration("From one start to the next."))))),
            named(
                "cumulative",
                settings(
                    List.of("duration", "step"),
                    List.of(
                        length("Length of the longest window."),
                        offset(),
                        zone(),
                        named("step", duration("By how much the next window is longer."))))),
            named("calendar", settings(List.of("unit", "zone"), calendarWords())));
    window.put("description", description);
    window.put("minProperties", 1);
    window.put("maxProperties", 1);
    window.put("title", "one kind of window with its settings");
    return window;
  }

  private static Word length(String description) {
    return named("duration", duration(description));
  }

  private static Word offset() {
    return named("offset", ref("offset", "Moves the starts of all windows; 0s."));
  }

  private static Word zone() {
    return named(
        "zone", text("The time zone whose clocks cut the windows, such as Europe/Berlin; UTC."));
  }

  /** Windows of time. */
  private static ObjectNode timed(List<String> required, Word... own) {
    List<Word> words = new ArrayList<>(List.of(own));
    words.addAll(lateness());
    words.add(trigger());
    return settings(required, words);
  }

  private static ObjectNode session() {
    return timed(
        List.of("gap"),
        named("gap", duration("The time without a row that ends a window.")),
        named(
            "touching",
            enumeration(
                List.of("merge", "separate"),
                "Whether rows exactly one gap apart are in one window; merge.")),
        zone());
  }

  /** The settings that all windows of time have. */
  private static List<Word> lateness() {
    return List.of(
        named("allowedLateness", duration("How long a window takes late rows; 0s.")),
        named("lateOutput", flag("Rows too late leave by the aggregate's port `late`; false.")),
        accumulation(),
        time());
  }

  private static ObjectNode settings(List<String> required, List<Word> words) {
    ObjectNode settings = object(words);
    settings.set("required", array(required.toArray(String[]::new)));
    return settings;
  }

  private static ObjectNode calendar() {
    return timed(List.of("unit", "zone"), calendarWords().toArray(Word[]::new));
  }

  private static List<Word> calendarWords() {
    return List.of(
        named(
            "unit",
            enumeration(List.of("day", "week", "month", "quarter", "year"), "Length of a window.")),
        named("zone", text("The time zone whose midnights count, such as Europe/Berlin.")),
        named(
            "firstDayOfWeek",
            enumeration(
                List.of(
                    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
                "Where weeks start; monday.")));
  }

  private static ObjectNode count() {
    ObjectNode count =
        object(
            named("size", integer(1, Integer.MAX_VALUE, "Rows of a window.")),
            named(
                "slide", integer(1, Integer.MAX_VALUE, "Rows from one result to the next; size.")),
            named(
                "incomplete",
                flag("The end of the input gives windows that are not full; false.")));
    count.set("required", array("size"));
    return count;
  }

  private static ObjectNode global() {
    return object(accumulation(), time(), trigger());
  }

  private static Word accumulation() {
    return named(
        "accumulation",
        enumeration(
            List.of("accumulating", "discarding", "retracting"),
            "How later results of a window relate to earlier ones; accumulating."));
  }

  private static Word time() {
    return named("time", enumeration(List.of("event", "processing"), "Which time; event."));
  }

  private static Word trigger() {
    ObjectNode trigger =
        object(
            named("onWatermark", flag("Fires when the watermark passes the window's end; true.")),
            named("earlyEvery", duration("Fires each time event time has passed this; never.")),
            named(
                "earlyEveryProcessingTime",
                duration("Fires each time the clock has passed this; never.")),
            named(
                "earlyAfter",
                integer(1, Integer.MAX_VALUE, "Fires after so many rows of a group; never.")),
            named(
                "late",
                enumeration(
                    List.of("each-batch", "each-row"),
                    "How often late rows make a window fire again; each-batch.")));
    trigger.put("description", "When windows give results; on the watermark.");
    trigger.put("title", "a trigger: onWatermark, earlyEvery, earlyAfter …");
    return named("trigger", trigger);
  }
}
