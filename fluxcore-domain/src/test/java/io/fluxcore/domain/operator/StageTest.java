package io.fluxcore.domain.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.state.HeapStateBackend;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageTest {
  private static final Schema SCHEMA = Schema.builder().field("n", DataType.LONG).build();

  private final List<String> log = new ArrayList<>();
  private boolean capacity = true;

  private final StageOutput out =
      new StageOutput() {
        @Override
        public void emit(int edge, EventBatch batch) {
          log.add("edge " + edge + " " + values(batch));
        }

        @Override
        public void watermark(long watermark) {
          log.add("watermark " + watermark);
        }

        @Override
        public boolean hasCapacity() {
          return capacity;
        }
      };

  private static EventBatch batch(long... values) {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA, values.length);
    for (long value : values) {
      builder.row(value, value);
    }
    return builder.build();
  }

  private static List<Object> values(EventBatch batch) {
    List<Object> values = new ArrayList<>();
    Rows.of(batch).forEach(row -> values.add(row.get(0)));
    return values;
  }

  /** Hands each batch on along its ports and writes down what it is told. */
  private class Passing implements Operator {
    final String name;
    private final int ports;

    Passing(String name, int ports) {
      this.name = name;
      this.ports = ports;
    }

    @Override
    public void open(OperatorContext context) {}

    @Override
    public void process(int input, EventBatch batch, Output output) {
      log.add(name + "/" + input + " " + values(batch));
      for (int port = 0; port < ports; port++) {
        output.emit(port, batch);
      }
    }

    @Override
    public void watermark(long watermark, Output output) {
      log.add(name + " watermark " + watermark);
    }

    @Override
    public void processingTime(long nowMillis, Output output) {
      log.add(name + " time " + nowMillis);
    }

    @Override
    public void flush(Output output) {
      log.add(name + " flush");
    }

    @Override
    public void endOfInput(Output output) {
      log.add(name + " end");
    }

    @Override
    public void close() {
      log.add(name + " close");
    }
  }

  /** Emits each row as a batch of its own, and stops when there is no capacity. */
  private final class Splitting extends Passing {
    private final Deque<Long> rest = new ArrayDeque<>();

    Splitting(String name) {
      super(name, 1);
    }

    @Override
    public void process(int input, EventBatch batch, Output output) {
      if (hasMore()) {
        throw new AssertionError(name + " got a batch while it had more to do");
      }
      log.add(name + "/" + input + " " + values(batch));
      values(batch).forEach(value -> rest.add((Long) value));
      resume(output);
    }

    @Override
    public boolean hasMore() {
      return !rest.isEmpty();
    }

    @Override
    public void resume(Output output) {
      do {
        output.emit(batch(rest.remove()));
      } while (!rest.isEmpty() && output.hasCapacity());
    }
  }

  /** Keeps every row until it is told the time, and holds the watermark back before them. */
  private final class Holding extends Passing {
    private final Deque<EventBatch> held = new ArrayDeque<>();

    Holding(String name) {
      super(name, 1);
    }

    @Override
    public void process(int input, EventBatch batch, Output output) {
      held.add(batch);
    }

    @Override
    public long heldWatermark() {
      return held.isEmpty() ? Long.MAX_VALUE : held.getFirst().timestamps()[0] - 1;
    }

    @Override
    public void processingTime(long nowMillis, Output output) {
      output.emit(held.remove());
    }

    @Override
    public void endOfInput(Output output) {
      held.forEach(output::emit);
      held.clear();
    }
  }

  private static StageNode node(Operator operator, StageNode.Target... ports) {
    List<List<StageNode.Target>> targets = new ArrayList<>();
    for (StageNode.Target port : ports) {
      targets.add(List.of(port));
    }
    return new StageNode("operator", operator, targets);
  }

  private static StageNode.Target to(int node, int input) {
    return new StageNode.Inside(node, input);
  }

  private static StageNode.Target edge(int edge) {
    return new StageNode.Outside(edge);
  }

  private final List<Ledger> ledgers = new ArrayList<>();

  private Stage stage(StageNode... nodes) {
    for (int i = 0; i < nodes.length; i++) {
      ledgers.add(new Ledger());
    }
    return new Stage(List.of(nodes), ledgers, out);
  }

  @Test
  void dag_routesEachPortToItsTargets() {
    Stage stage =
        stage(
            new StageNode(
                "a", new Passing("a", 2), List.of(List.of(to(1, 0), to(2, 1)), List.of(edge(7)))),
            node(new Passing("b", 1), to(2, 0)),
            node(new Passing("c", 1), edge(3)));
    stage.process(0, 0, batch(1, 2));
    assertThat(log)
        .containsExactly(
            "a/0 [1, 2]",
            "b/0 [1, 2]",
            "c/0 [1, 2]",
            "edge 3 [1, 2]",
            "c/1 [1, 2]",
            "edge 3 [1, 2]",
            "edge 7 [1, 2]");
    Ledger.Counts c = ledgers.get(2).counts();
    assertThat(List.of(c.rowsIn(), c.batchesIn(), c.rowsOut(), c.accepted()))
        .containsExactly(4L, 2L, 4L, 4L);
  }

  @Test
  void portWithoutTargets_isDiscardedAndCounted() {
    Stage stage = stage(node(new Passing("a", 3), edge(0)));
    stage.process(0, 0, batch(1));
    assertThat(log).containsExactly("a/0 [1]", "edge 0 [1]");
    assertThat(ledgers.get(0).counts().rowsOut()).isEqualTo(3);
  }

  @Test
  void emptyBatch_isIgnored() {
    Stage stage = stage(node(new Passing("a", 1), edge(0)));
    stage.process(0, 0, batch(1).withSelection(new int[0], 0));
    assertThat(log).isEmpty();
    assertThat(ledgers.get(0).counts()).isEqualTo(Ledger.Counts.ZERO);
  }

  @Test
  void nodes_inWrongOrder_areRefused() {
    assertThatThrownBy(
            () -> stage(node(new Passing("a", 1), to(1, 0)), node(new Passing("b", 1), to(0, 0))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void watermark_visitsNodesInOrder_andLeavesOnce() {
    Stage stage = stage(node(new Passing("a", 1), to(1, 0)), node(new Passing("b", 1), edge(0)));
    stage.watermark(5);
    stage.watermark(5);
    stage.watermark(4);
    stage.watermark(Long.MAX_VALUE);
    assertThat(log)
        .containsExactly(
            "a watermark 5",
            "b watermark 5",
            "watermark 5",
            "a watermark 9223372036854775807",
            "b watermark 9223372036854775807",
            "watermark 9223372036854775807");
    assertThat(stage.currentWatermark()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void controls_visitNodesInOrder() {
    Stage stage = stage(node(new Passing("a", 1), to(1, 0)), node(new Passing("b", 1), edge(0)));
    stage.processingTime(3);
    stage.flush();
    stage.endOfInput();
    stage.close();
    assertThat(log)
        .containsExactly(
            "a time 3", "b time 3", "a flush", "b flush", "a end", "b end", "a close", "b close");
  }

  @Test
  void twoOperatorsThatStop_goOnFromTheLastToTheFirst() {
    Stage stage =
        stage(
            node(new Splitting("a"), to(1, 0)),
            node(new Passing("double", 2), to(2, 0), to(2, 1)),
            node(new Splitting("c"), edge(0)));
    capacity = false;
    stage.process(0, 0, batch(1, 2, 3));
    int resumes = 0;
    while (stage.hasMore()) {
      stage.resume();
      assertThat(++resumes).isLessThan(20);
    }
    assertThat(log.stream().filter(line -> line.startsWith("edge")))
        .containsExactly(
            "edge 0 [1]", "edge 0 [1]", "edge 0 [2]", "edge 0 [2]", "edge 0 [3]", "edge 0 [3]");
    assertThat(resumes).isGreaterThan(0);
    assertThat(ledgers.get(2).counts().rowsIn()).isEqualTo(6);
  }

  @Test
  void batchForAnOperatorThatHasStopped_waitsBeforeIt() {
    Stage stage =
        stage(
            node(new Passing("double", 2), to(1, 0), to(1, 1)), node(new Splitting("b"), edge(0)));
    capacity = false;
    EventBatch borrowed = batch(1, 2).asBorrowed();
    stage.process(0, 0, borrowed);
    ((LongColumn) borrowed.column(0)).values()[0] = 99; // by its owner, after the call
    assertThat(log).containsExactly("double/0 [1, 2]", "b/0 [1, 2]", "edge 0 [1]");
    assertThat(ledgers.get(1).counts().rowsIn()).isEqualTo(2);
    stage.resume();
    assertThat(log.subList(3, log.size()))
        .containsExactly("edge 0 [2]", "b/1 [1, 2]", "edge 0 [1]");
    assertThat(stage.hasMore()).isTrue();
    stage.resume();
    assertThat(stage.hasMore()).isFalse();
    assertThat(ledgers.get(1).counts().rowsIn()).isEqualTo(4);
  }

  @Test
  void watermark_waitsForAnOperatorThatStopped() {
    Stage stage =
        stage(
            node(
                new Passing("a", 1) {
                  @Override
                  public void watermark(long watermark, Output output) {
                    output.emit(batch(1, 2));
                  }
                },
                to(1, 0)),
            node(new Splitting("b"), edge(0)));
    capacity = false;
    stage.watermark(9);
    assertThat(log).containsExactly("b/0 [1, 2]", "edge 0 [1]");
    stage.resume();
    assertThat(log.subList(2, log.size()))
        .containsExactly("edge 0 [2]", "b watermark 9", "watermark 9");
    assertThat(stage.hasMore()).isFalse();
  }

  @Test
  void heldWatermark_isHeldForSuccessorsInTheStageToo() {
    Stage stage =
        stage(
            node(new Holding("holding"), to(1, 0)),
            node(new Passing("b", 1), edge(0)),
            node(new Passing("apart", 1), edge(1)));
    stage.process(0, 0, batch(5));
    stage.process(0, 0, batch(7));
    stage.watermark(10);
    assertThat(log)
        .containsExactly(
            "holding watermark 10", "b watermark 4", "apart watermark 10", "watermark 4");
    log.clear();
    stage.processingTime(1);
    assertThat(log)
        .containsExactly(
            "b/0 [5]", "edge 0 [5]", "b watermark 6", "b time 1", "apart time 1", "watermark 6");
    log.clear();
    stage.endOfInput();
    assertThat(log)
        .containsExactly(
            "b/0 [7]", "edge 0 [7]", "b watermark 10", "b end", "apart end", "watermark 10");
  }

  @Test
  void unfinishedDelivery_refusesEverythingButResumeAndClose() {
    Stage stage = stage(node(new Splitting("a"), edge(0)));
    capacity = false;
    stage.process(0, 0, batch(1, 2));
    assertThatThrownBy(() -> stage.process(0, 0, batch(3)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stage.watermark(1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(stage::flush).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> stage.freeze(List.of(), SnapshotFormat.CANONICAL))
        .isInstanceOf(IllegalStateException.class);
    stage.close();
    assertThat(log).endsWith("a close");
  }

  @Test
  void close_closesAllAlsoWhenOneThrows() {
    Stage stage =
        stage(
            node(
                new Passing("a", 1) {
                  @Override
                  public void close() {
                    throw new IllegalStateException("first");
                  }
                },
                to(1, 0)),
            node(new Passing("b", 1), edge(0)));
    assertThatThrownBy(stage::close).hasMessage("first");
    assertThat(log).containsExactly("b close");
  }

  @Test
  void snapshotAndRestore_goByOperatorId() {
    List<String> restored = new ArrayList<>();
    Operator counting =
        new Passing("a", 1) {
          @Override
          public void snapshot(OperatorSnapshot.Builder snapshot) {
            snapshot.entry("n", new byte[] {4});
          }

          @Override
          public void restore(OperatorSnapshot snapshot) {
            restored.add(snapshot.operatorId() + snapshot.entries("n").get(0)[0]);
          }
        };
    Stage stage = stage(new StageNode("counting", counting, List.of()));
    OperatorContext context =
        new OperatorContext(
            "counting", 0, 1, 8, HeapStateBackend.whole(8), ledgers.get(0), RecordFailures.FAIL);
    stage.open(List.of(context));
    OperatorSnapshot snapshot =
        stage.freeze(List.of(context), SnapshotFormat.CANONICAL).get(0).inMemory();
    stage.restore(List.of(context), Map.of("other", snapshot));
    assertThat(restored).isEmpty();
    stage.restore(List.of(context), Map.of("counting", snapshot));
    assertThat(restored).containsExactly("counting4");
  }
}
