package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.QueriedKey;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.infrastructure.embedded.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Brings questions for the state of a key to the task that owns it. Immutable. */
final class StateQueries {
  private final ExecutionPlan plan;
  private final int maxParallelism;

  StateQueries(ExecutionPlan plan, int maxParallelism) {
    this.plan = plan;
    this.maxParallelism = maxParallelism;
  }

  /**
   * Asks.
   *
   * @param tasks of the attempt at hand, when all of them are open; otherwise null
   */
  CompletableFuture<LiveState> ask(String operatorId, List<?> key, @Nullable List<Task> tasks) {
    PlannedStage stage = stageOf(operatorId);
    int node =
        stage.operators().stream().map(PlannedOperator::operatorId).toList().indexOf(operatorId);
    if (tasks == null) {
      return CompletableFuture.completedFuture(restoring(operatorId, key));
    }
    List<Task> subtasks = tasks.stream().filter(t -> t.stageNumber() == stage.number()).toList();
    List<DataType> types =
        QueriedKey.types(operatorId, subtasks.get(0).operators().nodes().get(node).operator());
    Column[] columns = QueriedKey.columns(operatorId, types, key);
    long[] hash = new long[1];
    KeyHash.ofRows(columns, new int[] {0}, 1, hash);
    int subtask =
        KeyGroups.subtask(
            KeyGroups.ofHash(hash[0], maxParallelism), maxParallelism, subtasks.size());
    List<@Nullable String> words = new ArrayList<>();
    for (Column column : columns) {
      words.add(QueriedKey.text(column));
    }
    return subtasks
        .get(subtask)
        .queryState(node, columns)
        .thenApply(states -> answer(operatorId, words, states));
  }

  private static LiveState answer(
      String operatorId, List<@Nullable String> key, @Nullable List<KeyState> states) {
    return new LiveState(operatorId, key, states == null, states == null ? List.of() : states);
  }

  private static LiveState restoring(String operatorId, List<?> key) {
    List<@Nullable String> words = new ArrayList<>();
    for (Object value : key) {
      words.add(value == null ? null : KeyState.text(value));
    }
    return new LiveState(operatorId, words, true, List.of());
  }

  private PlannedStage stageOf(String operatorId) {
    PlannedOperator operator = QueriedKey.operator(plan, operatorId);
    return plan.stages().stream()
        .filter(stage -> stage.operators().contains(operator))
        .findFirst()
        .orElseThrow();
  }
}
