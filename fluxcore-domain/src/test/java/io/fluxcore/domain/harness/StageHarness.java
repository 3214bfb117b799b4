package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.operator.Operator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a pipeline in every way a host may run it, and asserts that its outputs hold the same rows
 * each time: one row at a time and in batches of several sizes, with selections, at parallelism 1
 * to 4 over several partitions, on the heap and on a backend that evicts everything, restored at
 * every quiet point, also at another parallelism, with outputs that refuse, with channels that
 * overtake each other, and with crashes in the middle of deliveries. See {@link Mode}. A stage that
 * says that it keeps no batches gets borrowed ones, which are overwritten after each call.
 *
 * <pre>{@code
 * StageHarness.of(() -> new MyOperator(), Exchange.hash(0), 1)
 *     .assertEverywhere(script, rows);
 * }</pre>
 *
 * <p>What depends on interleaving (which rows are late) is only the same {@link
 * #withoutInterleaving()}; what depends on where batches end (how often a late row makes a window
 * fire again) needs a {@link #view}. Rows are compared by {@link Rows#text}, so sums of doubles are
 * equal only where they are exact: use multiples of 0.25. Immutable.
 */
public final class StageHarness {
  private static final int MIXTURES = 10;

  private final Pipeline pipeline;
  private final List<Mode> modes;
  private final Map<Integer, Function<List<EventRecord>, Collection<?>>> views;

  private StageHarness(
      Pipeline pipeline,
      List<Mode> modes,
      Map<Integer, Function<List<EventRecord>, Collection<?>>> views) {
    this.pipeline = pipeline;
    this.modes = modes;
    this.views = views;
  }

  public static StageHarness of(Pipeline pipeline) {
    return new StageHarness(pipeline, Mode.standard(MIXTURES, 42), Map.of());
  }

  /** A harness for one operator; see {@link Pipeline#of}. */
  public static StageHarness of(Supplier<Operator> operator, Exchange exchange, int ports) {
    return of(Pipeline.of(operator, exchange, ports));
  }

  /** In these modes; the first one is what the others are compared with. */
  public StageHarness in(List<Mode> newModes) {
    return new StageHarness(pipeline, List.copyOf(newModes), views);
  }

  /**
   * Inputs have one partition in every mode, so that the rows of a key come in the order of the
   * script: for changelogs, whose rows are taken back after they have come.
   */
  public StageHarness inOrderOfArrival() {
    return in(
        modes.stream().map(mode -> mode.parallelism(mode.parallelism(), 1)).distinct().toList());
  }

  /** Each element of the script goes all the way before the next one, in every mode. */
  public StageHarness withoutInterleaving() {
    return in(modes.stream().map(mode -> mode.interleaving(false)).distinct().toList());
  }

  /**
   * One of so many equal shares of the modes, and the first one: for tests of many cases, which
   * take turns with the modes.
   */
  public StageHarness share(long turn, int shares) {
    List<Mode> some = new ArrayList<>(modes.subList(0, 1));
    for (int i = 1; i < modes.size(); i++) {
      if (i % shares == Math.floorMod(turn, shares)) {
        some.add(modes.get(i));
      }
    }
    return in(some);
  }

  /** What of an output's rows is compared, as a multiset of its elements' text. */
  public StageHarness view(int output, Function<List<EventRecord>, Collection<?>> view) {
    Map<Integer, Function<List<EventRecord>, Collection<?>>> more = new HashMap<>(views);
    more.put(output, view);
    return new StageHarness(pipeline, modes, more);
  }

  public List<Mode> modes() {
    return modes;
  }

  /** One run. */
  public Outcome run(Script script, Mode mode) {
    return new PipelineRun(pipeline, script, mode).run();
  }

  /** One run in the plainest mode. */
  public Outcome run(Script script) {
    return run(script, Mode.PLAIN);
  }

  /** Asserts that all outputs, and bad rows, are the same in every mode. */
  public Outcome assertSameEverywhere(Script script) {
    return assertEverywhere(script, List.of());
  }

  /** As {@link #assertSameEverywhere}, and output 0 is this in every mode. */
  public Outcome assertEverywhere(Script script, Collection<?> expected) {
    return assertEverywhere(script, List.of(expected));
  }

  /**
   * As {@link #assertSameEverywhere}, and the first outputs are these.
   *
   * @param expected of each output: elements whose text is that of the rows or of the {@link #view}
   * @return the outcome of the first mode
   */
  public Outcome assertEverywhere(Script script, List<? extends Collection<?>> expected) {
    Outcome first = null;
    for (Mode mode : modes) {
      Outcome outcome;
      try {
        outcome = run(script, mode);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("in " + mode + ": " + e, e);
      }
      for (int output = 0; output < pipeline.outputs.size(); output++) {
        Collection<?> wanted =
            output < expected.size()
                ? expected.get(output)
                : first == null ? null : view(output, first);
        assertSame("output " + output, mode, wanted, view(output, outcome));
      }
      if (first != null) {
        assertSame("bad rows", mode, first.failures(), outcome.failures());
      }
      first = first == null ? outcome : first;
    }
    if (first == null) {
      throw new IllegalStateException("there are no modes");
    }
    return first;
  }

  private Collection<?> view(int output, Outcome outcome) {
    Function<List<EventRecord>, Collection<?>> view = views.get(output);
    return view == null ? outcome.texts(output) : view.apply(outcome.rows(output));
  }

  private static void assertSame(
      String what, Mode mode, @Nullable Collection<?> expected, Collection<?> actual) {
    String difference =
        expected == null ? null : Rows.difference(expected, new ArrayList<>(actual));
    if (difference != null) {
      throw new AssertionError(what + " in " + mode + ": " + difference);
    }
  }
}
