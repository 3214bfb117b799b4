package io.fluxcore.infrastructure.embedded;

import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.infrastructure.embedded.task.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of the checkpoint under way, of which there is at most one. A checkpoint is
 * complete when every task has given its part; a task that has finished counts with its last state.
 * Used by the job's thread.
 */
final class Checkpoints {
  private final int maxParallelism;
  private final int tasks;
  private final Map<Task, List<OperatorSnapshot>> finished = new HashMap<>();
  private @Nullable Pending pending;

  /** The checkpoint under way. */
  record Pending(long id, long startedNanos, Map<Task, List<OperatorSnapshot>> parts) {}

  Checkpoints(int maxParallelism, int tasks) {
    this.maxParallelism = maxParallelism;
    this.tasks = tasks;
  }

  @Nullable Pending pending() {
    return pending;
  }

  void start(long id, long nowNanos) {
    pending = new Pending(id, nowNanos, new HashMap<>());
  }

  /** The checkpoint under way is given up. */
  void abort() {
    pending = null;
  }

  void part(Task task, long id, List<OperatorSnapshot> parts) {
    if (pending != null && pending.id() == id) {
      pending.parts().put(task, parts);
    }
  }

  void finished(Task task, List<OperatorSnapshot> last) {
    finished.put(task, last);
  }

  boolean hasFinished(Task task) {
    return finished.containsKey(task);
  }

  boolean allFinished() {
    return finished.size() == tasks;
  }

  /** The snapshot of the checkpoint under way if it is complete; it is then no longer under way. */
  @Nullable JobSnapshot takeComplete() {
    Pending current = pending;
    if (current == null) {
      return null;
    }
    Map<Task, List<OperatorSnapshot>> all = new HashMap<>(finished);
    all.putAll(current.parts());
    if (all.size() < tasks) {
      return null;
    }
    pending = null;
    return snapshot(current.id(), all);
  }

  /** The state after all tasks have finished. */
  JobSnapshot last(long id) {
    return snapshot(id, finished);
  }

  private JobSnapshot snapshot(long id, Map<Task, List<OperatorSnapshot>> byTask) {
    List<OperatorSnapshot> parts = new ArrayList<>();
    byTask.values().forEach(parts::addAll);
    return JobSnapshot.of(id, maxParallelism, parts);
  }
}
