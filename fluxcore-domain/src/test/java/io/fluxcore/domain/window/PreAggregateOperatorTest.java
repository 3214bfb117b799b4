package io.fluxcore.domain.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreAggregateOperatorTest {
  private static final Schema INPUT = Schema.builder().field("key", DataType.STRING).build();
  private static final WindowAggregation COUNT =
      new WindowAggregation(
          List.of("key"),
          WindowSpec.tumbling(2000, 0),
          List.of(AggregateCall.countAll("count")),
          0,
          Accumulation.ACCUMULATING,
          TimeCharacteristic.EVENT);

  private final HeapStateBackend senderState = HeapStateBackend.whole(128);
  private final HeapStateBackend receiverState = HeapStateBackend.whole(128);

  @Test
  void rowBeforeTheFirstWatermark_passesAsItIs() {
    Ports ports = new Ports();
    Operator sender = opened(COUNT.preAggregate(INPUT), senderState);

    sender.process(0, row(1000), ports);

    assertThat(ports.of(WindowAggregation.ROWS_PORT)).hasSize(1);
    sender.flush(ports);
    assertThat(ports.of(Output.MAIN)).isEmpty();
  }

  @Test
  void rowAfterTheFirstWatermark_isHeldAndAggregated() {
    Ports ports = new Ports();
    Operator sender = opened(COUNT.preAggregate(INPUT), senderState);
    sender.watermark(0, ports);

    sender.process(0, row(1000), ports);
    sender.process(0, row(1500), ports);

    assertThat(ports.all).isEmpty();
    sender.flush(ports);
    assertThat(ports.of(Output.MAIN)).singleElement().extracting(EventBatch::size).isEqualTo(1);
  }

  @Test
  void lateRowAfterRestore_leavesByTheLateOutput() {
    Ports ignored = new Ports();
    Operator before = opened(COUNT.finalAggregate(INPUT), receiverState);
    before.watermark(5000, ignored);
    OperatorSnapshot.Builder snapshot = OperatorSnapshot.builder("aggregate");
    before.snapshot(snapshot);

    Operator sender = opened(COUNT.preAggregate(INPUT), senderState);
    Operator receiver = opened(COUNT.finalAggregate(INPUT), HeapStateBackend.whole(128));
    receiver.restore(snapshot.build());
    Ports sent = new Ports();
    sender.process(0, row(1000), sent);
    sender.flush(sent);
    Ports results = new Ports();
    for (Ports.Emitted emitted : sent.all) {
      int input =
          emitted.port == WindowAggregation.ROWS_PORT
              ? WindowAggregation.ROWS_INPUT
              : WindowAggregation.PARTIALS_INPUT;
      receiver.process(input, emitted.batch, results);
    }

    assertThat(results.of(WindowAggregation.LATE_PORT))
        .singleElement()
        .extracting(batch -> batch.timestamps()[batch.row(0)])
        .isEqualTo(1000L);
  }

  private static Operator opened(Operator operator, HeapStateBackend state) {
    operator.open(
        new OperatorContext("aggregate", 0, 1, 128, state, new Ledger(), RecordFailures.FAIL));
    return operator;
  }

  private static EventBatch row(long timestamp) {
    return new EventBatchBuilder(INPUT, 1).row(timestamp, "a").build();
  }

  /** Keeps what is emitted. */
  private static final class Ports implements Output {
    private final List<Emitted> all = new ArrayList<>();

    private record Emitted(int port, EventBatch batch) {}

    @Override
    public void emit(int port, EventBatch batch) {
      all.add(new Emitted(port, batch));
    }

    @Override
    public boolean hasCapacity() {
      return true;
    }

    List<EventBatch> of(int port) {
      return all.stream().filter(e -> e.port() == port).map(Emitted::batch).toList();
    }
  }
}
