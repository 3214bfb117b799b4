package io.fluxcore.application.operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps operations as long as the process lives: the reference for what a store does. */
public final class InMemoryOperationStore implements OperationStore {
  private final Map<OperationId, Operation> operations = new LinkedHashMap<>();

  @Override
  public synchronized void save(Operation operation) {
    operations.put(operation.id(), operation);
  }

  @Override
  public synchronized Optional<Operation> find(OperationId id) {
    return Optional.ofNullable(operations.get(id));
  }

  @Override
  public synchronized List<Operation> all() {
    List<Operation> newestFirst = new ArrayList<>(operations.values());
    Collections.reverse(newestFirst);
    return List.copyOf(newestFirst);
  }

  @Override
  public synchronized void removeEndedBefore(Instant time) {
    operations.values().removeIf(o -> o.status().isTerminal() && o.changed().isBefore(time));
  }
}
