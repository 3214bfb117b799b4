package io.fluxcore.domain.topology;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.LateFiring;
import io.fluxcore.domain.window.Trigger;
import io.fluxcore.domain.window.WindowSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks when windows fire: whether the trigger can, and whether the kind of window has it. */
final class TriggerCheck {
  private static final Duration LONGEST = Duration.ofMillis(WindowSpec.MAX_TIME);

  private final TopologyNode node;
  private final WindowConfig window;
  private final Trigger trigger;
  private final List<Diagnostic> findings;

  TriggerCheck(TopologyNode node, WindowConfig window, List<Diagnostic> findings) {
    this.node = node;
    this.window = window;
    this.trigger = window.trigger();
    this.findings = findings;
  }

  void run() {
    WindowShape shape = window.shape();
    if (shape instanceof WindowShape.Count) {
      refuseWhatTimeAloneHas();
      refuse(window.accumulation() != Accumulation.ACCUMULATING, "accumulation");
    } else if (shape instanceof WindowShape.Global) {
      refuseWhatTimeAloneHas();
    }
    if (!trigger.isUsual()) {
      refuse(!hasTriggers(shape), "trigger");
      intervals();
      firings();
    }
  }

  private static boolean hasTriggers(WindowShape shape) {
    return shape instanceof WindowShape.Tumbling
        || shape instanceof WindowShape.Sliding
        || shape instanceof WindowShape.Session
        || shape instanceof WindowShape.Cumulative
        || shape instanceof WindowShape.Calendar
        || shape instanceof WindowShape.Global;
  }

  private void refuseWhatTimeAloneHas() {
    refuse(!window.allowedLateness().isZero(), "allowedLateness");
    refuse(window.lateOutput(), "lateOutput");
  }

  private void refuse(boolean isGiven, String option) {
    if (isGiven) {
      error(
          "FLX-TOPO-0042",
          option,
          "a " + window.shape().kind() + " window has no " + option,
          switch (option) {
            case "trigger" -> "leave it out, or use windows that are not of a number of rows";
            case "accumulation" -> "leave it out: it gives each result once";
            default -> "leave it out; no row is late for it";
          });
    }
  }

  private void intervals() {
    interval("earlyEvery", trigger.earlyEvery());
    interval("earlyEveryProcessingTime", trigger.earlyEveryProcessingTime());
    if (trigger.earlyAfter() < 0) {
      error(
          "FLX-TOPO-0044",
          "trigger.earlyAfter",
          "the trigger fires after " + trigger.earlyAfter() + " rows",
          "give at least 1");
    }
    if (trigger.earlyEvery() != null && window.time() == TimeCharacteristic.PROCESSING) {
      error(
          "FLX-TOPO-0044",
          "trigger.earlyEvery",
          "the trigger fires by event time, but the window is in processing time",
          "give it as earlyEveryProcessingTime");
    }
  }

  private void interval(String option, @Nullable Duration interval) {
    if (interval != null
        && (interval.isNegative()
            || interval.isZero()
            || interval.compareTo(LONGEST) > 0
            || !interval.equals(Duration.ofMillis(interval.toMillis())))) {
      error(
          "FLX-TOPO-0044",
          "trigger." + option,
          "the trigger fires every " + DurationText.format(interval),
          "give a positive duration of whole milliseconds");
    }
  }

  private void firings() {
    if (!trigger.firesOnWatermark() && !trigger.isEarly()) {
      error(
          "FLX-TOPO-0044",
          "trigger",
          "the trigger never fires",
          "have it fire on the watermark, or early");
    }
    if (trigger.late() == LateFiring.EACH_ROW
        && (window.allowedLateness().isZero() || !trigger.firesOnWatermark())) {
      findings.add(
          Diagnostic.warning(
              "FLX-TOPO-0045",
              TopologyGraph.place(node, "trigger.late"),
              "no late row makes the window fire",
              "give the window an allowed lateness, and have it fire on the watermark"));
    }
  }

  private void error(String code, String option, String message, String remedy) {
    findings.add(Diagnostic.error(code, TopologyGraph.place(node, option), message, remedy));
  }
}
