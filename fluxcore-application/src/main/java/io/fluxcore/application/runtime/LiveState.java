package io.fluxcore.application.runtime;

import io.fluxcore.domain.operator.KeyState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one key of an operator, as it was between two batches.
 *
 * @param operatorId the operator's name in the topology
 * @param key values of the key's fields, as text
 * @param restoring whether the job is starting or restarting, so that its state is not there yet;
 *     the list of states is empty then
 * @param states of the key; one without a value is null, or empty
 */
public record LiveState(
    String operatorId, List<@Nullable String> key, boolean restoring, List<KeyState> states) {
  // Written out: a compact constructor does not tell other modules that values may be null.
  public LiveState(
      String operatorId, List<@Nullable String> key, boolean restoring, List<KeyState> states) {
    this.operatorId = operatorId;
    this.key = Collections.unmodifiableList(new ArrayList<>(key));
    this.restoring = restoring;
    this.states = List.copyOf(states);
  }
}
