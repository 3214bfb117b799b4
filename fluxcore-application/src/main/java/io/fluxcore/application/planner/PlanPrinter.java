package io.fluxcore.application.planner;

import io.fluxcore.application.planner.ExecutionPlan.Partitioning;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.operator.StageNode;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkAlignment;
import io.fluxcore.domain.time.WatermarkStrategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Prints a plan for people: each stage with its operators, and below each operator where its rows
 * go when that is not just the next line.
 */
public final class PlanPrinter {
  private final ExecutionPlan plan;
  private final StringBuilder text = new StringBuilder();

  private PlanPrinter(ExecutionPlan plan) {
    this.plan = plan;
  }

  public static String print(ExecutionPlan plan) {
    PlanPrinter printer = new PlanPrinter(plan);
    plan.stages().forEach(printer::stage);
    if (!plan.delivery().isEmpty()) {
      printer.line(0, "delivery: " + plan.delivery());
    }
    return printer.text.toString();
  }

  private void line(int indent, String content) {
    text.append("  ".repeat(indent)).append(content).append('\n');
  }

  private void stage(PlannedStage stage) {
    line(0, "stage " + stage.number() + ", parallelism " + stage.parallelism());
    if (stage.source() != null) {
      source(stage.source());
    }
    for (int i = 0; i < stage.operators().size(); i++) {
      operator(stage, i);
    }
  }

  private void source(PlannedSource source) {
    line(1, "source " + source.operatorId() + ": " + source.description());
    line(2, "reads " + source.schema() + (source.keepRaw() ? " and keeps the original" : ""));
    if (source.shedding() != null) {
      line(2, "sheds " + source.shedding());
    }
    if (source.time() == TimeCharacteristic.EVENT) {
      String field = source.timestampField();
      line(
          2,
          "event time "
              + (field != null
                  ? "in " + field
                  : source.timestamp() == null ? "of the source" : "by " + source.timestamp().get())
              + ", out of order by "
              + source.watermarks().maxOutOfOrderness().toMillis()
              + " ms");
      watermarks(source.watermarks());
    } else {
      line(2, source.time().name().toLowerCase(Locale.ROOT) + " time");
    }
    if (source.filter() != null) {
      line(2, "readers may filter: " + source.filter().get());
    }
  }

  private void watermarks(WatermarkStrategy watermarks) {
    if (watermarks.silenceFallback() != null) {
      line(
          2,
          "silent for "
              + DurationText.format(watermarks.silenceFallback())
              + ": event time goes on with the clock [not deterministic]");
    }
    WatermarkAlignment alignment = watermarks.alignment();
    if (alignment != null) {
      line(
          2,
          "aligned in group "
              + alignment.group()
              + ": at most "
              + DurationText.format(alignment.maxDrift())
              + " ahead of the slowest");
    }
  }

  private void operator(PlannedStage stage, int node) {
    PlannedOperator operator = stage.operators().get(node);
    line(
        1,
        operator.operatorId()
            + ": "
            + operator.description()
            + (operator.deterministic() ? "" : " [not deterministic]"));
    for (int port = 0; port < operator.ports().size(); port++) {
      targets(stage, node, port);
    }
  }

  private void targets(PlannedStage stage, int node, int port) {
    List<StageNode.Target> targets = stage.operators().get(node).ports().get(port);
    boolean isNextLine =
        port == 0
            && targets.size() == 1
            && targets.get(0) instanceof StageNode.Inside inside
            && inside.node() == node + 1;
    if (isNextLine || targets.isEmpty()) {
      return;
    }
    List<String> words = new ArrayList<>();
    for (StageNode.Target target : targets) {
      if (target instanceof StageNode.Inside inside) {
        words.add(stage.operators().get(inside.node()).operatorId());
      } else if (target instanceof StageNode.Outside outside) {
        words.add(edge(plan.edgesFrom(stage.number()).get(outside.edge())));
      }
    }
    line(2, (port == 0 ? "→ " : "port " + port + " → ") + String.join("; ", words));
  }

  private String edge(PlannedEdge edge) {
    String to = plan.stages().get(edge.to()).operators().get(edge.node()).operatorId();
    return "stage "
        + edge.to()
        + " "
        + to
        + (edge.input() == 0 ? "" : " input " + edge.input())
        + ", "
        + partitioning(edge)
        + ", "
        + edge.schema();
  }

  private static String partitioning(PlannedEdge edge) {
    if (edge.partitioning() instanceof Partitioning.ByKey byKey) {
      String key =
          Arrays.stream(byKey.keyOrdinals())
              .mapToObj(ordinal -> edge.schema().field(ordinal).name())
              .collect(Collectors.joining(", "));
      return key.isEmpty() ? "all to one" : "by key " + key;
    }
    return edge.partitioning() instanceof Partitioning.Forward ? "forward" : "rebalance";
  }
}
