package io.fluxcore.application.control;

import io.fluxcore.application.StateMapping;
import io.fluxcore.application.StateMapping.Fate;
import io.fluxcore.application.StateMapping.Row;
import io.fluxcore.application.checkpoint.SnapshotManifest;
import io.fluxcore.application.checkpoint.SnapshotManifest.OperatorPart;
import io.fluxcore.application.checkpoint.SnapshotManifest.State;
import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.timetravel.DeclaredStates;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.StateLayout;
import io.fluxcore.domain.state.StateSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares a snapshot with a plan before anything is started: operators are made and opened on
 * empty state, to learn which states they have, and are given the small payloads of the snapshot,
 * which they check themselves. Sinks and sources are not opened, since they would touch the
 * outside.
 */
final class StateComparison {
  /** Counters and the like go along with snapshots, but leaving them behind loses nothing. */
  private static final Set<String> NO_STATE = Set.of("ledger", OperatorSnapshot.MEANING);

  private final SnapshotManifest manifest;
  private final JobSnapshot snapshot;
  private final JobVersion version;

  private StateComparison(SnapshotManifest manifest, JobSnapshot snapshot, JobVersion version) {
    this.manifest = manifest;
    this.snapshot = snapshot;
    this.version = version;
  }

  static StateMapping of(SnapshotManifest manifest, JobSnapshot snapshot, JobVersion version) {
    return new StateComparison(manifest, snapshot, version).mapping();
  }

  private StateMapping mapping() {
    Map<String, OperatorPart> written = new LinkedHashMap<>();
    manifest.operators().forEach(part -> written.put(part.operatorId(), part));
    Map<String, Row> rows = new TreeMap<>();
    for (PlannedStage stage : version.plan().stages()) {
      PlannedSource source = stage.source();
      if (source != null) {
        String id = source.operatorId();
        rows.put(id, new Row(id, hasState(written.remove(id)) ? Fate.KEPT : Fate.NEW, ""));
      }
      for (PlannedOperator planned : stage.operators()) {
        Row row = row(planned, written.remove(planned.operatorId()));
        rows.put(planned.operatorId(), row);
      }
    }
    for (OperatorPart part : written.values()) {
      boolean onlyFusedOtherwise = version.has(JobGraph.nodeOf(part.operatorId()));
      if (hasState(part) && !onlyFusedOtherwise) {
        rows.put(
            part.operatorId(),
            new Row(part.operatorId(), Fate.DROPPED, "the topology has no such node"));
      }
    }
    return new StateMapping(List.copyOf(rows.values()));
  }

  private static boolean hasState(@Nullable OperatorPart part) {
    return part != null
        && (!part.states().isEmpty()
            || !part.natives().isEmpty()
            || part.entries().stream().anyMatch(entry -> !NO_STATE.contains(entry.name())));
  }

  private Row row(PlannedOperator planned, @Nullable OperatorPart part) {
    String id = planned.operatorId();
    if (part == null || !hasState(part)) {
      return new Row(id, Fate.NEW, "");
    }
    Operator operator = planned.factory().get();
    if (operator instanceof SinkOperator || part.states().isEmpty()) {
      return new Row(id, Fate.KEPT, "");
    }
    String meant = meaning(id);
    String means = operator.stateMeaning();
    if (!meant.isEmpty() && !means.isEmpty() && !meant.equals(means)) {
      return new Row(id, Fate.INCOMPATIBLE, "its state is " + meant + " and would be " + means);
    }
    int groups = version.config().maxParallelism();
    try (DeclaredStates declared = new DeclaredStates(KeyGroups.range(0, groups, 1), groups)) {
      operator.open(
          new OperatorContext(id, 0, 1, groups, declared, new Ledger(), RecordFailures.FAIL));
      try (operator) {
        operator.restore(small(id, part));
      }
      return compared(id, part, declared);
    } catch (FluxCoreException e) {
      return new Row(id, Fate.INCOMPATIBLE, e.diagnostics().get(0).message());
    }
  }

  private String meaning(String id) {
    OperatorSnapshot written = snapshot.operators().get(id);
    return written == null ? "" : written.meaning();
  }

  /** What the operator itself has written. */
  private OperatorSnapshot small(String id, OperatorPart part) {
    OperatorSnapshot all = snapshot.operators().get(id);
    OperatorSnapshot.Builder builder = OperatorSnapshot.builder(id);
    if (all == null) {
      return builder.build();
    }
    Set<String> keyed =
        part.states().stream()
            .filter(state -> state.schema() == null)
            .map(State::name)
            .collect(Collectors.toSet());
    all.keyed()
        .forEach(
            (name, payloads) -> {
              if (keyed.contains(name)) {
                payloads.forEach((group, payload) -> builder.keyed(name, group, payload));
              }
            });
    all.entries().forEach((name, list) -> list.forEach(bytes -> builder.entry(name, bytes)));
    return builder.build();
  }

  private static Row compared(String id, OperatorPart part, DeclaredStates declared) {
    List<String> migrated = new ArrayList<>();
    for (State state : part.states()) {
      StateSchema before = state.schema();
      if (before == null) {
        continue;
      }
      StateLayout layout = declared.layout(state.name());
      if (layout == null) {
        return new Row(id, Fate.INCOMPATIBLE, "it has no state '" + state.name() + "' any more");
      }
      StateSchema now = StateSchema.of(layout);
      String obstacle = before.obstacleTo(now);
      if (!obstacle.isEmpty()) {
        return new Row(id, Fate.INCOMPATIBLE, "state '" + state.name() + "': " + obstacle);
      }
      if (!before.objects().equals(now.objects())) {
        migrated.add("state '" + state.name() + "'");
      }
    }
    return migrated.isEmpty()
        ? new Row(id, Fate.KEPT, "")
        : new Row(id, Fate.MIGRATED, String.join(", ", migrated));
  }
}
