package io.fluxcore.domain.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One way to run a pipeline. Everything random in a run follows from the seed.
 *
 * @param batching how rows are cut into batches
 * @param parallelism subtasks of each stage, to begin with
 * @param partitions source partitions of each input
 * @param backend where state is kept
 * @param recovery snapshots, restores and crashes
 * @param refusing whether outputs say now and then that they have no capacity
 * @param interleaved whether channels deliver in random order; otherwise each element of the script
 *     has gone through the whole pipeline before the next one starts, so that lateness is the same
 *     in every mode
 * @param seed of all that is random
 */
public record Mode(
    Batching batching,
    int parallelism,
    int partitions,
    Backend backend,
    Recovery recovery,
    boolean refusing,
    boolean interleaved,
    long seed) {

  /** The largest parallelism that modes use. */
  public static final int MAX_PARALLELISM = 4;

  /** The plainest mode: batches as written, one subtask, one partition, heap, nothing special. */
  public static final Mode PLAIN =
      new Mode(Batching.AS_WRITTEN, 1, 1, Backend.HEAP, Recovery.NONE, false, false, 1);

  public Mode with(Batching newBatching) {
    return new Mode(
        newBatching, parallelism, partitions, backend, recovery, refusing, interleaved, seed);
  }

  public Mode with(Backend newBackend) {
    return new Mode(
        batching, parallelism, partitions, newBackend, recovery, refusing, interleaved, seed);
  }

  public Mode with(Recovery newRecovery) {
    return new Mode(
        batching, parallelism, partitions, backend, newRecovery, refusing, interleaved, seed);
  }

  public Mode parallelism(int subtasks, int sourcePartitions) {
    return new Mode(
        batching, subtasks, sourcePartitions, backend, recovery, refusing, interleaved, seed);
  }

  public Mode withRefusingOutputs() {
    return new Mode(batching, parallelism, partitions, backend, recovery, true, interleaved, seed);
  }

  public Mode interleaving(boolean whether) {
    return new Mode(batching, parallelism, partitions, backend, recovery, refusing, whether, seed);
  }

  public Mode seed(long newSeed) {
    return new Mode(
        batching, parallelism, partitions, backend, recovery, refusing, interleaved, newSeed);
  }

  /**
   * The modes of {@link StageHarness}: each way to differ from {@link #PLAIN} alone, then mixtures.
   *
   * @param mixtures how many random mixtures
   * @param seed of the mixtures
   */
  public static List<Mode> standard(int mixtures, long seed) {
    List<Mode> modes = new ArrayList<>();
    modes.add(PLAIN);
    for (Batching batching : Batching.values()) {
      modes.add(PLAIN.with(batching));
      modes.add(PLAIN.with(batching).with(Backend.EVICTING).withRefusingOutputs());
    }
    for (int subtasks = 1; subtasks <= MAX_PARALLELISM; subtasks++) {
      modes.add(PLAIN.with(Batching.SEVEN_ROWS).parallelism(subtasks, 3));
      modes.add(
          PLAIN.with(Batching.SEVEN_ROWS).parallelism(subtasks, 2).interleaving(true).seed(seed));
    }
    for (Recovery recovery : Recovery.values()) {
      modes.add(PLAIN.with(Batching.SINGLE_ROWS).with(recovery).parallelism(2, 2).seed(seed));
      modes.add(PLAIN.with(recovery).with(Backend.EVICTING).withRefusingOutputs().seed(seed + 1));
    }
    Random random = new Random(seed);
    for (int i = 0; i < mixtures; i++) {
      modes.add(
          new Mode(
              any(Batching.values(), random),
              1 + random.nextInt(MAX_PARALLELISM),
              1 + random.nextInt(3),
              Backend.standard().get(random.nextInt(Backend.standard().size())),
              any(Recovery.values(), random),
              random.nextBoolean(),
              random.nextBoolean(),
              random.nextLong()));
    }
    return modes.stream().distinct().toList();
  }

  private static <T> T any(T[] values, Random random) {
    return values[random.nextInt(values.length)];
  }
}
