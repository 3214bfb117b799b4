package io.fluxcore.application.operation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Port: keeps operations. Thread-safe. */
public interface OperationStore {
  /** Keeps an operation in place of what was known of it. */
  void save(Operation operation);

  Optional<Operation> find(OperationId id);

  /** All that are kept, the newest first. */
  List<Operation> all();

  /** Forgets those that were over before a time. */
  void removeEndedBefore(Instant time);
}
