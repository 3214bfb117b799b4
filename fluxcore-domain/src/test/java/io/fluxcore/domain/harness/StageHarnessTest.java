package io.fluxcore.domain.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyHash;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.SlotTables;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.state.StateLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * The harness finds what it is there to find: each planted mistake fails, and its repair passes.
 */
class StageHarnessTest {
  private static final Schema SCHEMA =
      Schema.builder().field("key", DataType.LONG).field("value", DataType.LONG).build();

  private static Script script() {
    Script.Builder script = Script.of(SCHEMA);
    for (long i = 0; i < 60; i++) {
      script.row(i, i % 5, i);
      if (i % 10 == 9) {
        script.cut();
      }
      if (i % 20 == 19) {
        script.watermark(i);
      }
    }
    return script.end();
  }

  private static void assertPasses(Supplier<Operator> operator) {
    StageHarness.of(operator, Exchange.hash(0), 1).assertSameEverywhere(script());
  }

  private static void assertFails(Supplier<Operator> operator, String... words) {
    StageHarness harness = StageHarness.of(operator, Exchange.hash(0), 1);
    assertThatThrownBy(() -> harness.assertSameEverywhere(script()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(words)
        .hasMessageContaining("seed=");
  }

  /** Emits the sums by key at each watermark's end: 5 rows at the end of input. */
  private static class Sums implements Operator {
    SlotTables tables;
    StateBackend state;

    @Override
    public void open(OperatorContext context) {
      state = context.state();
      tables =
          state.tables(new StateLayout("sums", List.of(DataType.LONG), new long[] {0}, List.of()));
    }

    @Override
    public void process(int input, EventBatch batch, Output out) {
      int[] rows = rows(batch);
      int[] slots = new int[rows.length];
      SlotTable table = tables.table(0);
      long[] hashes = new long[rows.length];
      Column[] keys = {batch.column(0)};
      KeyHash.ofRows(keys, rows, rows.length, hashes);
      table.resolve(keys, hashes, rows, rows.length, slots);
      add(table, slots, rows, batch);
      state.commit();
    }

    void add(SlotTable table, int[] slots, int[] rows, EventBatch batch) {
      long[] values = ((LongColumn) batch.column(1)).values();
      for (int i = 0; i < rows.length; i++) {
        table.cells()[slots[i] * table.stride() + table.offset(0)] += values[rows[i]];
      }
    }

    int[] rows(EventBatch batch) {
      int[] rows = new int[batch.size()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = batch.row(i);
      }
      return rows;
    }

    @Override
    public void endOfInput(Output out) {
      SlotTable table = tables.table(0);
      int end = table.load(0, 1);
      EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
      for (int slot = 0; slot < end; slot++) {
        Column[] key = table.keys(new int[] {slot}, 1);
        builder.row(0, key[0].get(0), table.cells()[slot * table.stride() + table.offset(0)]);
      }
      out.emit(builder.build());
    }
  }

  @Test
  void correctOperator_passes() {
    assertPasses(Sums::new);
    StageHarness.of(Sums::new, Exchange.hash(0), 1)
        .assertEverywhere(
            script(),
            List.of(
                "+I[0, 330]@0", "+I[1, 342]@0", "+I[2, 354]@0", "+I[3, 366]@0", "+I[4, 378]@0"));
  }

  @Test
  void wrongExpectation_showsModeAndDifference() {
    assertThatThrownBy(
            () ->
                StageHarness.of(Sums::new, Exchange.hash(0), 1)
                    .assertEverywhere(script(), List.of("+I[9, 9]@9")))
        .hasMessageContainingAll("Mode[", "missing    +I[9, 9]@9", "unexpected +I[0, 330]@0");
  }

  @Test
  void operatorThatIgnoresTheSelection_isFound() {
    assertFails(
        () ->
            new Sums() {
              @Override
              int[] rows(EventBatch batch) {
                int[] rows = new int[batch.rowCount()];
                for (int i = 0; i < rows.length; i++) {
                  rows[i] = i;
                }
                return rows;
              }
            },
        "SELECTED_ROWS");
  }

  @Test
  void operatorThatKeepsSlotsAcrossCommit_isFound() {
    assertFails(
        () ->
            new Sums() {
              private final long[] known = new long[5];

              @Override
              void add(SlotTable table, int[] slots, int[] rows, EventBatch batch) {
                for (int i = 0; i < rows.length; i++) {
                  int key = (int) ((LongColumn) batch.column(0)).value(rows[i]);
                  known[key] = known[key] == 0 ? slots[i] + 1 : known[key];
                  slots[i] = (int) known[key] - 1;
                }
                super.add(table, slots, rows, batch);
              }
            },
        "EVICTING");
  }

  @Test
  void operatorThatForgetsAFieldInTheSnapshot_isFound() {
    assertFails(
        () ->
            new Sums() {
              private final Set<Long> seen = new TreeSet<>();

              @Override
              void add(SlotTable table, int[] slots, int[] rows, EventBatch batch) {
                for (int row : rows) {
                  seen.add(((LongColumn) batch.column(0)).value(row));
                }
                super.add(table, slots, rows, batch);
              }

              @Override
              public void endOfInput(Output out) {
                EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
                seen.forEach(key -> builder.row(0, key, -1L));
                out.emit(builder.build());
              }
            },
        "recovery=RESTORE");
  }

  @Test
  void operatorThatWritesToABatch_isFound() {
    assertFails(
        () ->
            new Sums() {
              @Override
              void add(SlotTable table, int[] slots, int[] rows, EventBatch batch) {
                super.add(table, slots, rows, batch);
                ((LongColumn) batch.column(1)).values()[rows[0]] = 0;
              }
            },
        "changed after it was emitted");
  }

  @Test
  void operatorThatKeepsABorrowedBatch_isFound() {
    assertFails(
        () ->
            new Operator() {
              private final Deque<EventBatch> kept = new ArrayDeque<>();

              @Override
              public void open(OperatorContext context) {}

              @Override
              public boolean keepsBatches() {
                return false;
              }

              @Override
              public void process(int input, EventBatch batch, Output out) {
                kept.add(batch);
              }

              @Override
              public void watermark(long watermark, Output out) {
                while (!kept.isEmpty()) {
                  out.emit(kept.remove());
                }
              }
            },
        "missing",
        "unexpected");
  }

  @Test
  void operatorThatDropsRowsWithoutCapacity_isFound() {
    assertFails(
        () ->
            new Operator() {
              @Override
              public void open(OperatorContext context) {}

              @Override
              public void process(int input, EventBatch batch, Output out) {
                out.emit(batch);
                if (out.hasCapacity()) {
                  out.emit(batch);
                }
              }
            },
        "refusing=true");
  }

  @Test
  void operatorThatEmitsAfterTheWatermark_isFoundDownstream() {
    // holds a batch until the next element, and so hands the watermark on before its rows
    Supplier<Operator> lagging =
        () ->
            new Operator() {
              private final Deque<EventBatch> held = new ArrayDeque<>();

              @Override
              public void open(OperatorContext context) {}

              @Override
              public void process(int input, EventBatch batch, Output out) {
                held.add(batch);
              }

              @Override
              public void flush(Output out) {
                held.forEach(out::emit);
                held.clear();
              }

              @Override
              public void endOfInput(Output out) {
                flush(out);
              }
            };
    Supplier<Operator> lateness =
        () ->
            new Operator() {
              private long watermark = Long.MIN_VALUE;

              @Override
              public void open(OperatorContext context) {}

              @Override
              public void process(int input, EventBatch batch, Output out) {
                for (int i = 0; i < batch.size(); i++) {
                  out.emit(
                      batch.timestamps()[batch.row(i)] > watermark ? 0 : 1,
                      batch.withSelection(new int[] {batch.row(i)}, 1));
                }
              }

              @Override
              public void watermark(long newWatermark, Output out) {
                watermark = newWatermark;
              }
            };
    Pipeline pipeline =
        Pipeline.chain(() -> List.of(lagging.get(), lateness.get()), Exchange.hash(0), 2);
    assertThatThrownBy(() -> StageHarness.of(pipeline).assertSameEverywhere(script()))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void modes_doWhatTheySay() {
    StageHarness harness = StageHarness.of(Sums::new, Exchange.hash(0), 1);
    int restores = harness.run(script(), Mode.PLAIN.with(Recovery.RESTORE)).restores();
    assertThat(restores).isGreaterThanOrEqualTo(9);
    Outcome crashing =
        harness.run(script(), Mode.PLAIN.with(Batching.SINGLE_ROWS).with(Recovery.CRASH).seed(3));
    assertThat(crashing.crashes()).isPositive();
    assertThat(crashing.restores()).isEqualTo(crashing.crashes());
    assertThat(crashing.ledger("operator-0").rowsIn()).isEqualTo(60);
    assertThat(crashing.ledger("operator-0").rowsOut()).isEqualTo(5);
    assertThat(harness.modes()).doesNotHaveDuplicates().hasSizeGreaterThan(30);
  }

  @Test
  void watermarks_arriveAtTheOutput() {
    Outcome outcome = StageHarness.of(Sums::new, Exchange.hash(0), 1).run(script());
    assertThat(outcome.watermarks(0, 0)).containsExactly(19L, 39L, 59L, Long.MAX_VALUE);
  }

  @Test
  void sameSeed_runsTheSame() {
    StageHarness harness = StageHarness.of(Sums::new, Exchange.hash(0), 1);
    List<List<String>> texts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Mode mode =
          new Mode(Batching.SELECTED_ROWS, 3, 2, Backend.EVICTING, Recovery.CRASH, true, true, 99);
      texts.add(harness.run(script(), mode).texts(0));
    }
    assertThat(texts.get(0)).isEqualTo(texts.get(1));
  }
}
