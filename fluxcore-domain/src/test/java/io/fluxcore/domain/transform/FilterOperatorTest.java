package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Output;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterOperatorTest {
  private static final int BAD = 13;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void anyRows_keepsWhatTheReferenceKeeps(int batchRows) {
    for (long seed = 0; seed < 6; seed++) {
      for (long limit : new long[] {0, 5, 50, 1000}) {
        List<EventBatch> input = RandomBatches.of(seed, batchRows);
        List<Row> rows = Row.of(input);
        List<Row> kept =
            rows.stream()
                .filter(r -> Conditions.isBelow(r, limit) && !Conditions.isBad(r, BAD))
                .toList();
        List<Row> failed = rows.stream().filter(r -> Conditions.isBad(r, BAD)).toList();
        for (RowCondition condition :
            List.of(Conditions.below(limit, BAD), Conditions.belowByCode(limit, BAD))) {
          TransformRun run = TransformRun.of(new FilterOperator(condition), input);
          assertThat(run.rows()).as("seed %d", seed).isEqualTo(kept);
          assertThat(run.failedRows).isEqualTo(failed);
          run.assertCounts(
              rows.size(), rows.size() - kept.size() - failed.size(), failed.size(), kept.size());
        }
      }
    }
  }

  @Test
  void allRowsKept_handsOnTheSameBatch() {
    EventBatch batch = new RandomBatches(1).next(100);
    TransformRun run =
        TransformRun.of(new FilterOperator(RowCondition.code(e -> true)), List.of(batch));
    assertThat(run.batches(Output.MAIN).get(0)).isSameAs(batch);
  }

  @Test
  void emittedSelections_areNotOverwrittenByLaterBatches() {
    TransformRun run = TransformRun.open(new FilterOperator(Conditions.below(50, -1)));
    RandomBatches batches = new RandomBatches(2);
    run.process(0, batches.next(500));
    int[] before = run.batches(0).get(0).selection().clone();
    run.process(0, batches.next(500));
    assertThat(run.batches(0).get(0).selection()).isEqualTo(before);
  }

  @Test
  void selecting_allocatesOneArrayABatch() {
    EventBatch batch = new RandomBatches(3).next(2048);
    FilterOperator filter = new FilterOperator(Conditions.below(50, -1));
    TransformRun.open(filter);
    Output out =
        new Output() {
          @Override
          public void emit(int port, EventBatch emitted) {}

          @Override
          public boolean hasCapacity() {
            return true;
          }
        };
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    for (int i = 0; i < 10; i++) {
      filter.process(0, batch, out);
    }
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < 100; i++) {
      filter.process(0, batch, out);
    }
    long each = (threads.getThreadAllocatedBytes(thread) - before) / 100;
    assertThat(each).isLessThan(4L * batch.size() + 1000);
  }

  @Test
  void throwingCode_namesOperatorAndMessage() {
    TransformRun run =
        TransformRun.of(
            new FilterOperator(Conditions.belowByCode(1000, BAD)), RandomBatches.of(4, 2048));
    assertThat(run.errors).isNotEmpty();
    assertThat(run.errors.get(0).code()).isEqualTo("FLX-TRANSFORM-0001");
    assertThat(run.errors.get(0))
        .hasMessageContaining("operator 'op'")
        .hasMessageContaining("IllegalStateException: bad 13");
  }

  @Test
  void unknownField_keepsItsCode() {
    EventBatch batch = new RandomBatches(5).next(10).withRawRecords(null);
    TransformRun run =
        TransformRun.of(
            new FilterOperator(RowCondition.code(e -> e.getValue("nope") > 1)), List.of(batch));
    assertThat(run.errors).hasSize(batch.size());
    assertThat(run.errors.get(0).code()).isEqualTo("FLX-EVENT-0001");
    assertThat(run.errors.get(0))
        .hasMessageContaining("operator 'op'")
        .hasMessageContaining("nope");
    run.assertCounts(batch.size(), 0, batch.size(), 0);
  }

  @Test
  void policyFail_endsWithTheFirstError() {
    TransformRun run =
        TransformRun.openStrict(
            new FilterOperator(
                RowCondition.code(
                    e -> {
                      throw new UnsupportedOperationException();
                    })));
    assertThatThrownBy(() -> run.process(0, new RandomBatches(6).next(10)))
        .isInstanceOf(RecordException.class);
    assertThat(run.errors).hasSize(1);
  }

  @Test
  void errors_areNotTakenForBadRows() {
    for (Error error : List.of(new OutOfMemoryError("planted"), new StackOverflowError())) {
      TransformRun run =
          TransformRun.open(
              new FilterOperator(
                  RowCondition.code(
                      e -> {
                        throw error;
                      })));
      assertThatThrownBy(() -> run.process(0, new RandomBatches(6).next(10))).isSameAs(error);
      assertThat(run.errors).isEmpty();
    }
  }

  @Test
  void keptEvent_throwsAfterTheCall() {
    AtomicReference<Event> kept = new AtomicReference<>();
    TransformRun.of(
        new FilterOperator(
            RowCondition.code(
                e -> {
                  kept.set(e);
                  return true;
                })),
        List.of(new RandomBatches(7).next(5)));
    assertThatThrownBy(() -> kept.get().get("n"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("copy()");
  }
}
