package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.domain.event.EventBatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter on its way to the operator that it failed in.
 *
 * @param node of the task's stage; {@link #SOURCE} for the source itself
 * @param input of the node
 * @param batch one row; null: the letter's bytes go through the source's decoder
 * @param done takes the outcome, once, on the task's thread or, when the task is over, on any
 */
public record Injection(
    DeadLetter letter,
    int node,
    int input,
    @Nullable EventBatch batch,
    Consumer<ReplayOutcome> done) {
  public static final int SOURCE = -1;

  void refuse(String message) {
    done.accept(ReplayOutcome.refused(letter, "FLX-DEADLETTER-0003", message));
  }
}
