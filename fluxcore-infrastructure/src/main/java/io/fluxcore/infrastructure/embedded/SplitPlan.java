package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SplitState;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which subtask reads which split of a source: in turn, in the order in which splits become known.
 * Used by the job's thread.
 */
final class SplitPlan {
  private final int subtasks;
  private final Set<String> known = new HashSet<>();
  private int next;

  /** A split and the subtask that is to read it. */
  record Assignment(int subtask, SplitState split) {}

  SplitPlan(int subtasks) {
    this.subtasks = subtasks;
  }

  /** The splits of a snapshot, each where it was. */
  List<Assignment> restored(OperatorSnapshot snapshot) {
    List<Assignment> assignments = new ArrayList<>();
    for (byte[] entry : snapshot.entries(SplitState.ENTRY)) {
      SplitState split = SplitState.parse(entry);
      if (known.add(split.id())) {
        // Splits that have ended go along in snapshots, but give nobody work.
        int subtask = split.ended() ? 0 : turn();
        assignments.add(new Assignment(subtask, split));
      }
    }
    return assignments;
  }

  /** The splits that are not known yet, to be read from their start. */
  List<Assignment> discovered(List<Source.Split> splits) {
    List<Assignment> assignments = new ArrayList<>();
    for (Source.Split split : splits) {
      if (known.add(split.id())) {
        assignments.add(new Assignment(turn(), SplitState.fresh(split.id())));
      }
    }
    return assignments;
  }

  private int turn() {
    int subtask = next;
    next = next + 1 == subtasks ? 0 : next + 1;
    return subtask;
  }

  /** The splits of a source at the start of an attempt. */
  List<Assignment> start(Source source, @Nullable OperatorSnapshot snapshot) {
    List<Assignment> assignments = new ArrayList<>();
    if (snapshot != null) {
      assignments.addAll(restored(snapshot));
    }
    if (snapshot == null || !source.isBounded()) {
      assignments.addAll(discovered(source.discoverSplits()));
    }
    return assignments;
  }
}
