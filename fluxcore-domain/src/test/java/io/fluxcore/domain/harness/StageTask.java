package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.operator.Stage;
import io.fluxcore.domain.operator.StageNode;
import io.fluxcore.domain.operator.StageOutput;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One subtask of a stage, as a host would run it, without a thread. */
final class StageTask implements StageOutput {
  final List<Channel> channels = new ArrayList<>();
  final Stage stage;

  private final int stageNumber;
  private final int subtask;
  private final KeyGroupRange keyGroups;
  private final List<StageNode> nodes;
  private final List<Ledger> ledgers = new ArrayList<>();
  private final List<OperatorContext> contexts = new ArrayList<>();
  private final Map<Integer, Router> routers = new HashMap<>();
  private final Map<Integer, Integer> outputs;
  private final Outcome outcome;
  private final List<OpenCalls> calls = new ArrayList<>();
  private final @Nullable Random refusals;
  private long sentWatermark = Long.MIN_VALUE;
  private boolean inputEnded;
  private boolean sentEnd;

  /**
   * An opened stage.
   *
   * @param outputs the pipeline's outputs by edge
   * @param refusals decides when there is no capacity; null for never
   */
  StageTask(
      List<StageNode> nodes,
      int stageNumber,
      int subtask,
      int parallelism,
      int maxParallelism,
      KeyGroupRange keyGroups,
      Backend backend,
      long seed,
      Map<Integer, Integer> outputs,
      Outcome outcome,
      @Nullable Random refusals) {
    this.nodes = nodes;
    this.stageNumber = stageNumber;
    this.subtask = subtask;
    this.keyGroups = keyGroups;
    this.outputs = outputs;
    this.outcome = outcome;
    this.refusals = refusals;
    for (StageNode node : nodes) {
      Ledger ledger = new Ledger();
      ledgers.add(ledger);
      OpenCalls ofNode = new OpenCalls();
      calls.add(ofNode);
      contexts.add(
          new OperatorContext(
              node.operatorId(),
              subtask,
              parallelism,
              maxParallelism,
              backend.create(keyGroups, maxParallelism, seed),
              ledger,
              failures(node.operatorId(), ledger),
              ofNode));
    }
    stage = new Stage(nodes, ledgers, this);
    stage.open(contexts);
  }

  private RecordFailures failures(String operatorId, Ledger ledger) {
    return (batch, row, error) -> {
      ledger.failed(1);
      EventCursor cursor = new EventCursor();
      outcome.failed(new Failure(operatorId, error.code(), cursor.moveTo(batch, row).copy()));
    };
  }

  void route(int edge, Router router) {
    if (routers.put(edge, router) != null) {
      throw new IllegalStateException("edge " + edge + " of stage " + stageNumber + " leads twice");
    }
  }

  @Override
  public void emit(int edge, EventBatch batch) {
    Integer output = outputs.get(edge);
    Router router = routers.get(edge);
    if (output == null && router == null) {
      throw new IllegalStateException(
          "edge " + edge + " of stage " + stageNumber + " leads nowhere");
    }
    if (output != null) {
      outcome.add(output, batch);
    }
    if (router != null) {
      outcome.seal(batch);
      router.send(batch);
    }
  }

  @Override
  public void watermark(long watermark) {
    if (watermark <= sentWatermark) {
      throw new AssertionError(
          "stage " + stageNumber + " sent watermark " + watermark + " after " + sentWatermark);
    }
    sentWatermark = watermark;
    outputs.values().forEach(output -> outcome.watermark(output, subtask, watermark));
    routers.values().forEach(router -> router.sendAll(new Channel.Watermark(watermark)));
  }

  @Override
  public boolean hasCapacity() {
    return refusals == null || refusals.nextInt(3) == 0;
  }

  /** Takes the next item of a channel. */
  void deliver(Channel channel) {
    Channel.Item item = channel.items.remove();
    if (item instanceof Channel.Batch batch) {
      checkKeyGroups(batch.batch());
      process(channel, batch.batch());
    } else if (item instanceof Channel.Watermark watermark) {
      channel.watermark = watermark.time();
      long combined = Long.MAX_VALUE;
      long ofInput = Long.MAX_VALUE;
      for (Channel other : channels) {
        combined = Math.min(combined, other.watermark);
        if (other.node == channel.node && other.nodeInput == channel.nodeInput) {
          ofInput = Math.min(ofInput, other.watermark);
        }
      }
      stage.inputWatermark(channel.node, channel.nodeInput, ofInput);
      stage.watermark(combined);
    } else {
      channel.ended = true;
      if (channels.stream().allMatch(other -> other.ended)) {
        inputEnded = true;
        stage.endOfInput();
      }
    }
    passEndOn();
  }

  private void process(Channel channel, EventBatch batch) {
    if (stage.keepsNoBatches()) {
      Lending lending = new Lending(batch);
      stage.process(channel.node, channel.nodeInput, lending.batch());
      lending.end();
    } else {
      stage.process(channel.node, channel.nodeInput, batch);
    }
  }

  private void checkKeyGroups(EventBatch batch) {
    if (batch.minKeyGroup() >= 0
        && !(keyGroups.contains(batch.minKeyGroup()) && keyGroups.contains(batch.maxKeyGroup()))) {
      throw new AssertionError(
          "rows of key groups "
              + batch.minKeyGroup()
              + ".."
              + batch.maxKeyGroup()
              + " came to the owner of "
              + keyGroups);
    }
  }

  void resume() {
    stage.resume();
    passEndOn();
  }

  /** Calls that have not ended and may. */
  int openCalls() {
    int open = 0;
    for (int node = 0; node < calls.size(); node++) {
      open += stage.takesCompletions(node) ? calls.get(node).size() : 0;
    }
    return open;
  }

  /** Runs one of {@link #openCalls} to its end. */
  void completeCall(int chosen) {
    int call = chosen;
    for (int node = 0; node < calls.size(); node++) {
      int open = stage.takesCompletions(node) ? calls.get(node).size() : 0;
      if (call < open) {
        stage.complete(node, calls.get(node).run(call));
        break;
      }
      call -= open;
    }
    passEndOn();
  }

  private void passEndOn() {
    if (inputEnded && !sentEnd && !stage.hasMore() && !stage.isEnded()) {
      stage.endOfInput();
    }
    if (inputEnded && !sentEnd && stage.isEnded()) {
      sentEnd = true;
      routers.values().forEach(router -> router.sendAll(new Channel.End()));
    }
  }

  boolean isIdle() {
    return !stage.hasMore() && channels.stream().allMatch(channel -> channel.items.isEmpty());
  }

  List<OperatorSnapshot> snapshot() {
    return stage.freeze(contexts, SnapshotFormat.CANONICAL).stream()
        .map(FrozenOperator::inMemory)
        .toList();
  }

  void restore(Map<String, OperatorSnapshot> snapshots) {
    stage.restore(contexts, snapshots);
  }

  /** Adds the ledgers to the outcome's. */
  void collectLedgers(Outcome target) {
    for (int i = 0; i < nodes.size(); i++) {
      target.addLedger(nodes.get(i).operatorId(), ledgers.get(i).counts());
    }
  }

  void close() {
    stage.close();
    contexts.forEach(context -> context.state().close());
  }
}
