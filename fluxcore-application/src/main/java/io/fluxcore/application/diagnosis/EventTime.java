package io.fluxcore.application.diagnosis;

import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.JobProgress.SplitProgress;
import io.fluxcore.application.runtime.JobProgress.SplitState;
import io.fluxcore.domain.time.WatermarkAlignment;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the watermarks of a plan come from. */
final class EventTime {
  private final ExecutionPlan plan;
  private final List<SplitProgress> splits;

  EventTime(ExecutionPlan plan, List<SplitProgress> splits) {
    this.plan = plan;
    this.splits = splits;
  }

  List<SplitProgress> splitsOf(String sourceId) {
    return splits.stream().filter(split -> split.sourceId().equals(sourceId)).toList();
  }

  /** The splits whose watermarks meet in an operator, of all sources upstream of its stage. */
  List<SplitProgress> upstream(String operatorId) {
    Set<String> sources = new LinkedHashSet<>();
    for (PlannedStage stage : plan.stages()) {
      if (stage.operators().stream().anyMatch(o -> o.operatorId().equals(operatorId))) {
        collect(stage.number(), sources, new HashSet<>());
      }
    }
    return splits.stream()
        .filter(split -> split.eventTime() && sources.contains(split.sourceId()))
        .toList();
  }

  private void collect(int stage, Set<String> sources, Set<Integer> seen) {
    if (!seen.add(stage)) {
      return;
    }
    PlannedSource source = plan.stages().get(stage).source();
    if (source != null) {
      sources.add(source.operatorId());
    }
    for (PlannedEdge edge : plan.edges()) {
      if (edge.to() == stage) {
        collect(edge.from(), sources, seen);
      }
    }
  }

  /** The alignment of a source, or null if it has none. */
  @Nullable WatermarkAlignment alignmentOf(String sourceId) {
    PlannedSource source = source(sourceId);
    return source == null ? null : source.watermarks().alignment();
  }

  /** After how long without rows a source's event time goes on with the clock; null: never. */
  @Nullable Duration silenceFallbackOf(String sourceId) {
    PlannedSource source = source(sourceId);
    return source == null ? null : source.watermarks().silenceFallback();
  }

  private @Nullable PlannedSource source(String sourceId) {
    for (PlannedStage stage : plan.stages()) {
      PlannedSource source = stage.source();
      if (source != null && source.operatorId().equals(sourceId)) {
        return source;
      }
    }
    return null;
  }

  /** The splits of all sources of an alignment group. */
  List<SplitProgress> splitsOfGroup(String group) {
    return splits.stream().filter(split -> isIn(group, split.sourceId())).toList();
  }

  private boolean isIn(String group, String sourceId) {
    WatermarkAlignment alignment = alignmentOf(sourceId);
    return alignment != null && alignment.group().equals(group);
  }

  /** The active split whose watermark is the smallest. */
  static Optional<SplitProgress> holder(List<SplitProgress> candidates) {
    return candidates.stream()
        .filter(split -> split.state() == SplitState.ACTIVE || split.state() == SplitState.ALIGNING)
        .min(
            Comparator.comparingLong(SplitProgress::watermark)
                .thenComparingLong(SplitProgress::unchangedSinceMillis));
  }
}
