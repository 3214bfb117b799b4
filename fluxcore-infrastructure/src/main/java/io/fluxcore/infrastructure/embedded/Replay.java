package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.application.planner.ExecutionPlan.RowInput;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.infrastructure.embedded.task.Injection;
import io.fluxcore.infrastructure.embedded.task.LetterRows;
import io.fluxcore.infrastructure.embedded.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters on their way to the operators that they failed in. Finds the task of each: the one
 * that has the key of a row where rows are partitioned, or any that still runs. Thread-safe.
 */
final class Replay {
  private static final String REFUSED = "FLX-DEADLETTER-0003";

  private final List<DeadLetter> letters;
  private final ExecutionPlan plan;
  private final int maxParallelism;
  private final AtomicReferenceArray<@Nullable ReplayOutcome> outcomes;
  private final AtomicInteger missing;
  private final CompletableFuture<List<ReplayOutcome>> all = new CompletableFuture<>();
  private boolean given;

  Replay(List<DeadLetter> letters, ExecutionPlan plan, int maxParallelism) {
    this.letters = List.copyOf(letters);
    this.plan = plan;
    this.maxParallelism = maxParallelism;
    this.outcomes = new AtomicReferenceArray<>(letters.size());
    this.missing = new AtomicInteger(letters.size());
    if (letters.isEmpty()) {
      all.complete(List.of());
    }
  }

  CompletableFuture<List<ReplayOutcome>> outcomes() {
    return all;
  }

  /**
   * Gives the letters to the tasks of an attempt; null: nothing runs. A second call does nothing.
   */
  synchronized void give(@Nullable Attempt attempt) {
    if (given) {
      return;
    }
    given = true;
    for (int i = 0; i < letters.size(); i++) {
      DeadLetter letter = letters.get(i);
      int number = i;
      try {
        if (attempt == null) {
          refuse(number, letter, REFUSED, "the job does not run now");
        } else {
          give(attempt, letter, number);
        }
      } catch (RecordException e) {
        refuse(number, letter, e.code(), e.diagnostics().get(0).message());
      }
    }
  }

  private void refuse(int number, DeadLetter letter, String code, String message) {
    done(number, ReplayOutcome.refused(letter, code, message));
  }

  private void done(int number, ReplayOutcome outcome) {
    if (outcomes.compareAndSet(number, null, outcome) && missing.decrementAndGet() == 0) {
      all.complete(
          IntStream.range(0, letters.size())
              .mapToObj(outcomes::get)
              .map(Objects::requireNonNull)
              .toList());
    }
  }

  private void give(Attempt attempt, DeadLetter letter, int number) {
    for (PlannedStage stage : plan.stages()) {
      PlannedSource source = stage.source();
      if (source != null && source.operatorId().equals(letter.operatorId())) {
        DeadLetter.Row row = letter.content().row();
        EventBatch batch = row == null ? null : LetterRows.batch(source.schema(), row);
        inject(task(attempt, stage, null, null), letter, Injection.SOURCE, 0, batch, number);
        return;
      }
      for (int node = 0; node < stage.operators().size(); node++) {
        PlannedOperator operator = stage.operators().get(node);
        if (operator.operatorId().equals(letter.operatorId())) {
          give(attempt, stage, node, letter, number);
          return;
        }
      }
    }
    refuse(
        number, letter, REFUSED, "the job has no operator '" + letter.operatorId() + "' any more");
  }

  private void give(Attempt attempt, PlannedStage stage, int node, DeadLetter letter, int number) {
    RowInput rows = stage.operators().get(node).rows();
    PlannedSource source = stage.source();
    if (rows == null) {
      refuse(number, letter, REFUSED, "'" + letter.operatorId() + "' takes no single rows");
      return;
    }
    DeadLetter.Content content = letter.content();
    boolean decodes =
        content.bytes() != null && source != null && source.schema().equals(rows.schema());
    DeadLetter.Row row = content.row();
    if (!decodes && row == null) {
      refuse(
          number,
          letter,
          REFUSED,
          "'"
              + letter.operatorId()
              + "' takes rows, not the records of the source: mend the fields");
      return;
    }
    EventBatch batch = decodes || row == null ? null : LetterRows.batch(rows.schema(), row);
    inject(
        task(attempt, stage, rows.keyOrdinals(), batch), letter, node, rows.input(), batch, number);
  }

  private void inject(
      @Nullable Task task,
      DeadLetter letter,
      int node,
      int input,
      @Nullable EventBatch batch,
      int number) {
    if (task == null) {
      refuse(number, letter, REFUSED, "'" + letter.operatorId() + "' has ended");
    } else {
      task.inject(new Injection(letter, node, input, batch, outcome -> done(number, outcome)));
    }
  }

  private @Nullable Task task(
      Attempt attempt, PlannedStage stage, int @Nullable [] key, @Nullable EventBatch batch) {
    List<Task> tasks =
        attempt.tasks().stream().filter(task -> task.stageNumber() == stage.number()).toList();
    if (key != null && batch != null && tasks.size() > 1) {
      Task owner = tasks.get(subtask(batch, key, tasks.size()));
      return owner.isOver() ? null : owner;
    }
    return tasks.stream().filter(task -> !task.isOver()).findFirst().orElse(null);
  }

  private int subtask(EventBatch batch, int[] key, int subtasks) {
    Column[] keys = Arrays.stream(key).mapToObj(batch::column).toArray(Column[]::new);
    long[] hashes = new long[1];
    KeyHash.ofRows(keys, new int[] {0}, 1, hashes);
    return KeyGroups.subtask(KeyGroups.ofHash(hashes[0], maxParallelism), maxParallelism, subtasks);
  }
}
