package io.fluxcore.domain.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.StateReading;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import io.fluxcore.domain.transform.Collector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of states: sizes, what has expired, and questions by key. */
class KeyedProcessOperatorTest {
  private static final Schema INPUT =
      Schema.builder().field("key", DataType.LONG).field("value", DataType.LONG).build();
  private static final Output NOWHERE =
      new Output() {
        @Override
        public void emit(int port, EventBatch batch) {}

        @Override
        public boolean hasCapacity() {
          return true;
        }
      };
  private static final TimeToLive SECOND = TimeToLive.ofProcessingTime(Duration.ofSeconds(1));
  private static final StateDescriptor.OfValue<Long> LAST =
      StateDescriptor.value("last", ValueType.LONG).withTimeToLive(SECOND);
  private static final StateDescriptor.OfList<Long> ALL =
      StateDescriptor.list("all", ValueType.LONG).withTimeToLive(SECOND);
  private static final StateDescriptor.OfMap<Long, Long> COUNTS =
      StateDescriptor.map("counts", ValueType.LONG, ValueType.LONG).withTimeToLive(SECOND);

  private final Ledger ledger = new Ledger();
  private final List<String> failures = new ArrayList<>();
  private final StateBackend state = HeapStateBackend.whole(16);

  private Operator open(KeyedProcessFunction function, StateBackend backend) {
    Operator operator =
        new KeyedProcess(
                function, List.of("key"), List.of(LAST, ALL, COUNTS), null, INPUT, Map.of())
            .operator(INPUT);
    operator.open(
        new OperatorContext(
            "p",
            0,
            1,
            16,
            backend,
            ledger,
            (batch, row, error) -> {
              ledger.failed(1);
              failures.add(error.code() + " " + batch.column("key").get(row));
            }));
    return operator;
  }

  private OperatorSnapshot frozen(OperatorSnapshot.Builder entries) {
    return new FrozenOperator(entries.build(), state.freeze(SnapshotFormat.CANONICAL)).inMemory();
  }

  private static EventBatch rows(long from, long to) {
    EventBatchBuilder builder = new EventBatchBuilder(INPUT, (int) (to - from));
    for (long key = from; key < to; key++) {
      builder.row(RowKind.INSERT, 0, key, key % 7);
    }
    return builder.build();
  }

  private static void keep(ProcessContext context, long value) {
    context.state(LAST).set(value);
    context.state(ALL).add(value);
    context.state(COUNTS).put(value, context.state(COUNTS).getOr(value, 0L) + 1);
  }

  private static Column[] key(long key) {
    return new Column[] {new LongColumn(1, new long[] {key})};
  }

  @Test
  void expired_isNotReturned_isRemovedBitByBit_andCounted() {
    Operator operator = open((event, context, out) -> keep(context, event.getLong("value")), state);
    operator.processingTime(1_000, NOWHERE);
    operator.process(0, rows(0, 5_000), NOWHERE);
    assertThat(operator.queryState(key(8)))
        .containsExactly(
            new KeyState("last", "value", 1L),
            new KeyState("all", "list", List.of(1L)),
            new KeyState("counts", "map", Map.of("1", 1L)));
    operator.processingTime(3_000, NOWHERE);
    assertThat(operator.queryState(key(8)))
        .containsExactly(
            new KeyState("last", "value", null),
            new KeyState("all", "list", List.of()),
            new KeyState("counts", "map", Map.of()));
    StateReading some = operator.state();
    assertThat(some).isNotNull();
    assertThat(some.states())
        .allSatisfy(
            size -> {
              assertThat(size.expired()).isEqualTo(1_024);
              assertThat(size.entries()).isEqualTo(5_000 - 1_024);
            });
    operator.flush(NOWHERE); // a snapshot follows
    assertThat(operator.state()).isNotNull();
    assertThat(operator.state().states())
        .allSatisfy(
            size -> {
              assertThat(size.expired()).isEqualTo(5_000);
              assertThat(size.expiredBytes()).isEqualTo(5_000 * 8);
              assertThat(size.entries()).isZero();
              assertThat(size.bytes()).isZero();
            });
    assertThat(frozen(OperatorSnapshot.builder("p")).keyed()).isEmpty();
  }

  @Test
  void counters_comeBackFromASnapshot() {
    Operator operator = open((event, context, out) -> keep(context, event.getLong("value")), state);
    operator.processingTime(1_000, NOWHERE);
    operator.process(0, rows(0, 30), NOWHERE);
    OperatorSnapshot.Builder entries = OperatorSnapshot.builder("p");
    operator.snapshot(entries);
    OperatorSnapshot snapshot = frozen(entries);
    StateBackend other = HeapStateBackend.whole(16);
    Operator restored = open((event, context, out) -> keep(context, event.getLong("value")), other);
    other.restore(snapshot);
    restored.restore(snapshot);
    assertThat(restored.state()).isNotNull();
    assertThat(restored.state().states()).isEqualTo(operator.state().states());
    assertThat(restored.queryState(key(8))).isEqualTo(operator.queryState(key(8)));
  }

  @Test
  void largestKeys_areTold() {
    Operator operator =
        open(
            (event, context, out) -> {
              for (long i = 0; i < event.getLong("key"); i++) {
                context.state(ALL).add(i);
              }
            },
            state);
    operator.processingTime(1_000, NOWHERE);
    operator.process(0, rows(1, 40), NOWHERE);
    assertThat(operator.state()).isNotNull();
    assertThat(operator.state().largestKeys())
        .hasSize(StateReading.LARGEST_KEYS)
        .startsWith(
            new StateReading.LargeKey("all", List.of("39"), 39, 39 * 8),
            new StateReading.LargeKey("all", List.of("38"), 38, 38 * 8));
  }

  @Test
  void timerWhoseCodeThrows_isAccountedAsARowThatFailed_andTakenBack() {
    KeyedProcessFunction function =
        new KeyedProcessFunction() {
          @Override
          public void process(Event event, ProcessContext context, Collector out) {
            context.setProcessingTimer(2_000);
          }

          @Override
          public void onTimer(Timer timer, ProcessContext context, Collector out) {
            context.state(LAST).set(1L);
            throw new IllegalStateException("as it should");
          }
        };
    Operator operator = open(function, state);
    operator.processingTime(1_000, NOWHERE);
    ledger.in(2, 0);
    operator.process(0, rows(5, 7), NOWHERE);
    operator.processingTime(2_000, NOWHERE);
    assertThat(failures).containsExactlyInAnyOrder("FLX-TRANSFORM-0001 5", "FLX-TRANSFORM-0001 6");
    assertThat(ledger.counts().accepted()).isEqualTo(2);
    assertThat(operator.state()).isNotNull();
    assertThat(operator.state().failedTimers()).isEqualTo(2);
    assertThat(operator.state().pendingTimers()).isZero();
    assertThat(operator.queryState(key(5))).contains(new KeyState("last", "value", null));
  }
}
