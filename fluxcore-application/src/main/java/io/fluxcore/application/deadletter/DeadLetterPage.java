package io.fluxcore.application.deadletter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some letters, oldest first.
 *
 * @param next the id after which the list goes on, or null at its end
 */
public record DeadLetterPage(List<DeadLetter> letters, @Nullable Long next) {
  public DeadLetterPage {
    letters = List.copyOf(letters);
  }
}
