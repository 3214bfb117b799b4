package io.fluxcore.application.scripted;

import io.fluxcore.domain.harness.EvictingStateBackend;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.StateBackend;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to run a case; the results of all must be as expected.
 *
 * @param name as a difference is reported
 * @param parallelisms number of subtasks, one after the other: the next from a restore to the next
 * @param restoresAfterEachStep whether state is saved and restored after every step
 * @param isSlow whether downstream has no capacity every other time it is asked
 */
public record Variant(
    String name,
    Backend backend,
    List<Integer> parallelisms,
    boolean restoresAfterEachStep,
    boolean isSlow) {

  /** Makes the state of a subtask. */
  @FunctionalInterface
  public interface Backend {
    StateBackend create(KeyGroupRange keyGroups, int maxParallelism);
  }

  /** All of them. */
  public static List<Variant> all() {
    List<Variant> variants = new ArrayList<>();
    addAll("heap", HeapStateBackend::new, variants);
    addAll("evicting", (groups, max) -> new EvictingStateBackend(groups, max, 1), variants);
    return variants;
  }

  private static void addAll(String name, Backend backend, List<Variant> variants) {
    variants.add(new Variant(name + ", 1 subtask", backend, List.of(1), false, false));
    variants.add(new Variant(name + ", 2 subtasks", backend, List.of(2), false, false));
    variants.add(
        new Variant(
            name + ", restored and rescaled after each step, slow outputs",
            backend,
            List.of(2, 1, 3),
            true,
            true));
  }
}
