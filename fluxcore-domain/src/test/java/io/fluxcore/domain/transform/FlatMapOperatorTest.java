package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatMapOperatorTest {
  private static final Schema OUTPUT =
      Schema.builder().field("i", DataType.LONG).field("s", DataType.STRING).build();

  /** As many rows as n mod 5 says, the last of them at a time of its own; 13 fails half-way. */
  private static void flatMap(Event event, Collector out) {
    long count = event.isNull("n") ? 1 : event.getLong("n") % 5;
    for (long i = 0; i < count; i++) {
      if (i == 2 && event.getLong("n") == 13) {
        throw new IllegalArgumentException("13");
      }
      if (i == 3) {
        out.emitAt(-1, i, event.getString("s"));
      } else if (i % 2 == 0) {
        out.emit(i, event.getString("s"));
      } else {
        out.emit(Map.of("i", i));
      }
    }
  }

  private static List<Row> reference(Row row) {
    List<Row> rows = new ArrayList<>();
    long count = row.get("n") == null ? 1 : (Long) row.get("n") % 5;
    for (long i = 0; i < count && !Conditions.isBad(row, 13); i++) {
      Map<String, Object> values = new LinkedHashMap<>();
      values.put("i", i);
      values.put("s", i == 1 ? null : row.get("s"));
      rows.add(i == 3 ? row.with(values).at(-1) : row.with(values));
    }
    return rows;
  }

  private static final BooleanSupplier NEVER = () -> false;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void anyRows_areWhatTheReferenceMakes_whateverTheOutputSays(int batchRows) {
    for (long seed = 0; seed < 6; seed++) {
      List<EventBatch> input = RandomBatches.of(seed, batchRows);
      List<Row> rows = Row.of(input);
      List<Row> expected = rows.stream().flatMap(r -> reference(r).stream()).toList();
      int failed = (int) rows.stream().filter(r -> Conditions.isBad(r, 13)).count();
      Random random = new Random(seed);
      for (BooleanSupplier capacity :
          List.<BooleanSupplier>of(() -> true, NEVER, random::nextBoolean)) {
        TransformRun run =
            TransformRun.open(new FlatMapOperator(FlatMapOperatorTest::flatMap, OUTPUT), capacity)
                .all(input);
        assertThat(run.rows()).as("seed %d", seed).isEqualTo(expected);
        run.assertCounts(rows.size(), 0, failed, expected.size());
        assertThat(run.maxWithoutCapacity).isLessThanOrEqualTo(1);
      }
    }
  }

  /** Each row gives this many; rows are numbered throughout. */
  private static FlatMapOperator times(int count, int[] calls) {
    return new FlatMapOperator(
        (event, out) -> {
          calls[0]++;
          for (int i = 0; i < count; i++) {
            out.emit(i, "s");
          }
        },
        OUTPUT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 2048, 2049, 10_000})
  void muchOfOneRow_leavesInBatchesOfTheTargetSize(int count) {
    TransformRun run = TransformRun.open(times(count, new int[1]), NEVER).process(0, rows(5));
    List<Object> numbers = run.rows().stream().map(r -> r.get("i")).toList();
    assertThat(numbers).hasSize(5 * count);
    for (int i = 0; i < numbers.size(); i++) {
      assertThat(numbers.get(i)).isEqualTo((long) i % count);
    }
    assertThat(run.batches(0)).allMatch(b -> b.size() < 2 * EventBatch.TARGET_ROWS);
    assertThat(run.maxWithoutCapacity).isLessThanOrEqualTo(1);
  }

  private static EventBatch rows(int rows) {
    RandomBatches random = new RandomBatches(1);
    EventBatch batch = random.next(3 * rows);
    while (batch.size() < rows) {
      batch = random.next(3 * rows);
    }
    EventBatch full = batch.compact();
    int[] selection = new int[rows];
    for (int i = 0; i < rows; i++) {
      selection[i] = i;
    }
    return full.withSelection(selection, rows);
  }

  @Test
  void refusingOutput_stopsUserCode() {
    int[] calls = {0};
    FlatMapOperator flatMap = times(1000, calls);
    Refusing out = new Refusing();
    TransformRun.open(flatMap);
    flatMap.process(0, rows(100), out);
    assertThat(calls[0]).isEqualTo(3);
    assertThat(out.batches).hasSize(1);
    assertThat(flatMap.hasMore()).isTrue();
    flatMap.resume(out);
    assertThat(out.batches).hasSize(2);
    assertThat(calls[0]).isLessThanOrEqualTo(6);
  }

  @Test
  void batchesThatComeBeforeTheLastIsDone_wait() {
    int[] calls = {0};
    FlatMapOperator flatMap = times(1000, calls);
    Refusing out = new Refusing();
    TransformRun.open(flatMap);
    for (int i = 0; i < 3; i++) {
      flatMap.process(0, rows(10), out);
    }
    assertThat(out.batches).hasSize(1);
    while (flatMap.hasMore()) {
      flatMap.resume(out);
    }
    assertThat(calls[0]).isEqualTo(30);
    assertThat(Row.of(out.batches)).hasSize(30_000);
  }

  private static final class Refusing implements Output {
    final List<EventBatch> batches = new ArrayList<>();

    @Override
    public void emit(int port, EventBatch batch) {
      batches.add(batch);
    }

    @Override
    public boolean hasCapacity() {
      return false;
    }
  }

  @Test
  void badValue_canBeCaughtByTheFunction() {
    TransformRun run =
        TransformRun.of(
            new FlatMapOperator(
                (event, out) -> {
                  try {
                    out.emit(1L, 2L);
                  } catch (RuntimeException e) {
                    out.emit(1L, "two");
                  }
                },
                OUTPUT),
            List.of(rows(5)));
    assertThat(run.errors).isEmpty();
    assertThat(run.rows()).hasSize(5).allMatch(r -> "two".equals(r.get("s")));
  }

  @Test
  void wrongNumberOfValues_isARecordError() {
    TransformRun run =
        TransformRun.of(new FlatMapOperator((e, out) -> out.emit(1L), OUTPUT), List.of(rows(5)));
    assertThat(run.errors).hasSize(5);
    assertThat(run.errors.get(0))
        .hasMessageContaining("1 values for the fields (i long, s string)");
  }

  @Test
  void downstreamErrors_areNotTakenForBadRows() {
    FlatMapOperator flatMap = times(1, new int[1]);
    TransformRun run = TransformRun.open(flatMap);
    IllegalStateException planted = new IllegalStateException("downstream");
    assertThatThrownBy(
            () ->
                flatMap.process(
                    0,
                    rows(5),
                    new Output() {
                      @Override
                      public void emit(int port, EventBatch batch) {
                        throw planted;
                      }

                      @Override
                      public boolean hasCapacity() {
                        return true;
                      }
                    }))
        .isSameAs(planted);
    assertThat(run.errors).isEmpty();
  }

  @Test
  void keptEventAndCollector_throwAfterTheCall() {
    List<Event> events = new ArrayList<>();
    List<Collector> collectors = new ArrayList<>();
    TransformRun.of(
        new FlatMapOperator(
            (event, out) -> {
              events.add(event);
              collectors.add(out);
            },
            OUTPUT),
        List.of(rows(5)));
    assertThatThrownBy(() -> events.get(0).get("n")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> collectors.get(0).emit(1L, "late"))
        .isInstanceOf(IllegalStateException.class);
  }
}
