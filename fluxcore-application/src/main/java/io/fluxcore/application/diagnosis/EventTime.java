package io.fluxcore.application.diagnosis;

import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedEdge;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.JobProgress.SplitProgress;
import io.fluxcore.application.runtime.JobProgress.SplitState;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /** The active split whose watermark is the smallest. */
  static Optional<SplitProgress> holder(List<SplitProgress> candidates) {
    return candidates.stream()
        .filter(split -> split.state() == SplitState.ACTIVE)
        .min(
            Comparator.comparingLong(SplitProgress::watermark)
                .thenComparingLong(SplitProgress::unchangedSinceMillis));
  }
}
