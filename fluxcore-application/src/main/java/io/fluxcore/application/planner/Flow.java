package io.fluxcore.application.planner;

import io.fluxcore.application.planner.PlanDraft.OperatorDraft;
import io.fluxcore.application.planner.PlanDraft.StageDraft;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An output in the plan: where its batches come from and what is known of them.
 *
 * @param stage the stage that makes it
 * @param operator the operator that makes it; null for a source that nothing follows yet
 * @param port of the operator
 * @param schema of its batches
 * @param traits what else is known
 */
record Flow(
    StageDraft stage, @Nullable OperatorDraft operator, int port, Schema schema, Traits traits) {

  /**
   * What is known of a flow's rows.
   *
   * @param partitionedBy fields whose rows of equal values are together on one subtask, if any
   * @param wantedKey fields by which the rows are to be brought together before anything else sees
   *     them
   * @param deterministic whether timing and impure functions leave no trace in them
   * @param ownTime whether timestamps are the events' own, and watermarks follow from them, so that
   *     neither depends on when rows are read
   */
  record Traits(
      Optional<List<String>> partitionedBy,
      Optional<List<String>> wantedKey,
      boolean deterministic,
      boolean ownTime) {
    Traits partitionedBy(Optional<List<String>> key) {
      return new Traits(key, Optional.empty(), deterministic, ownTime);
    }

    Traits wantedKey(List<String> key) {
      return new Traits(partitionedBy, Optional.of(key), deterministic, ownTime);
    }

    Traits withoutWantedKey() {
      return partitionedBy(partitionedBy);
    }

    Traits and(boolean stillDeterministic) {
      return new Traits(partitionedBy, wantedKey, deterministic && stillDeterministic, ownTime);
    }

    /** What is known when both flow together. */
    Traits merge(Traits other) {
      return new Traits(
          partitionedBy.equals(other.partitionedBy) ? partitionedBy : Optional.empty(),
          Optional.empty(),
          deterministic && other.deterministic,
          ownTime && other.ownTime);
    }
  }

  Flow withTraits(Traits newTraits) {
    return new Flow(stage, operator, port, schema, newTraits);
  }
}
