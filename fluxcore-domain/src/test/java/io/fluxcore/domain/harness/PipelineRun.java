package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.state.CanonicalSnapshot;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A run of a script through a pipeline in one mode: a host on one thread, in virtual time. */
final class PipelineRun {
  /** Key groups: few, since each costs something at each of the many snapshots. */
  private static final int MAX_PARALLELISM = 32;

  private static final int CRASHES = 4;

  /** Thrown between two deliveries of a run that crashes. */
  private static final class Crash extends RuntimeException {
    Crash() {
      super("crash", null, false, false);
    }
  }

  /** Where a restart begins. */
  private record Checkpoint(
      int position, byte @Nullable [] bytes, @Nullable Long clock, Outcome.Mark mark) {}

  /** A partition of an input, and the batch that it fills. */
  private static final class Partition {
    final List<Script.Row> rows = new ArrayList<>();
    final List<Router> routers = new ArrayList<>();
  }

  private final Pipeline pipeline;
  private final Script script;
  private final Mode mode;
  private final Random random;
  private final Outcome outcome;
  private final List<List<StageTask>> tasks = new ArrayList<>();
  private final List<StageTask> allTasks = new ArrayList<>();
  private final List<Channel> allChannels = new ArrayList<>();
  private final List<List<Partition>> partitions = new ArrayList<>();
  private int parallelism;
  private int position;
  private @Nullable Long clock;
  private Checkpoint checkpoint;
  private long checkpoints;
  private boolean mayCrash;

  PipelineRun(Pipeline pipeline, Script script, Mode mode) {
    this.pipeline = pipeline;
    this.script = script;
    this.mode = mode;
    this.random = new Random(mode.seed());
    this.outcome = new Outcome(pipeline.outputs.size());
    this.parallelism = mode.parallelism();
    this.checkpoint = new Checkpoint(0, null, null, outcome.mark());
  }

  Outcome run() {
    if (script.inputs() != pipeline.sources.size()) {
      throw new IllegalArgumentException(
          script.inputs() + " inputs for " + pipeline.sources.size());
    }
    start(Map.of());
    mayCrash = mode.recovery() == Recovery.CRASH;
    boolean done = false;
    while (!done) {
      try {
        while (position < script.elements().size()) {
          step(script.elements().get(position++));
        }
        finish();
        done = true;
      } catch (Crash crash) {
        outcome.crashed();
        outcome.backTo(checkpoint.mark());
        position = checkpoint.position();
        restart(random.nextBoolean() ? parallelism : anotherParallelism());
      }
    }
    collectLedgers();
    stop();
    outcome.check();
    return outcome;
  }

  private void step(Script.Element element) {
    if (element instanceof Script.Row row) {
      row(row);
    } else if (element instanceof Script.Cut) {
      if (mode.batching() == Batching.AS_WRITTEN || mode.recovery() != Recovery.NONE) {
        emitAll();
        settle();
      }
      quietPoint();
    } else if (element instanceof Script.Watermark watermark) {
      emitAll();
      for (List<Partition> input : partitions) {
        for (Partition partition : input) {
          partition.routers.forEach(
              router -> router.sendAll(new Channel.Watermark(watermark.time())));
        }
      }
      settle();
      quietPoint();
    } else if (element instanceof Script.ProcessingTime time) {
      emitAll();
      drain();
      tick(time.millis());
      quietPoint();
    } else if (element instanceof Script.Flush) {
      emitAll();
      flush();
    }
  }

  private void row(Script.Row row) {
    List<Partition> input = partitions.get(row.input());
    Random place = new Random(mode.seed() ^ (0x9E3779B97F4A7C15L * position));
    Partition partition = input.get(place.nextInt(input.size()));
    partition.rows.add(row);
    if (partition.rows.size() >= mode.batching().rows()) {
      emit(row.input(), partition);
      settle();
      quietPoint();
    }
  }

  private void finish() {
    emitAll();
    if (script.isBounded()) {
      for (List<Partition> input : partitions) {
        for (Partition partition : input) {
          partition.routers.forEach(
              router -> {
                router.sendAll(new Channel.Watermark(Long.MAX_VALUE));
                router.sendAll(new Channel.End());
              });
        }
      }
    }
    drain();
    while (completeCall()) {
      drain();
    }
  }

  // Sources

  private void emitAll() {
    for (int input = 0; input < partitions.size(); input++) {
      for (Partition partition : partitions.get(input)) {
        emit(input, partition);
      }
    }
  }

  private void emit(int input, Partition partition) {
    if (partition.rows.isEmpty()) {
      return;
    }
    EventBatch batch =
        mode.batching() == Batching.SELECTED_ROWS
            ? amongOthers(script.schema(input), partition.rows)
            : batch(script.schema(input), partition.rows);
    partition.rows.clear();
    outcome.seal(batch);
    partition.routers.forEach(router -> router.send(batch));
  }

  private static EventBatch batch(Schema schema, List<Script.Row> rows) {
    EventBatchBuilder builder = new EventBatchBuilder(schema, rows.size());
    rows.forEach(row -> add(builder, row));
    return builder.build();
  }

  private static void add(EventBatchBuilder builder, Script.Row row) {
    builder.row(row.kind(), row.timestamp(), row.values().toArray());
  }

  /** The rows, selected from among copies of them with other times, nulls and kinds. */
  private EventBatch amongOthers(Schema schema, List<Script.Row> rows) {
    EventBatchBuilder builder = new EventBatchBuilder(schema);
    int[] selection = new int[rows.size()];
    for (int i = 0; i < selection.length; i++) {
      for (int others = random.nextInt(3); others > 0; others--) {
        Script.Row other = rows.get(random.nextInt(rows.size()));
        boolean nulls = random.nextBoolean();
        builder.row(
            other.kind() == RowKind.INSERT ? RowKind.INSERT : RowKind.DELETE,
            random.nextBoolean() ? EventBatch.NO_TIMESTAMP : other.timestamp() + 1,
            nulls ? new Object[schema.size()] : other.values().toArray());
      }
      selection[i] = builder.size();
      add(builder, rows.get(i));
    }
    return builder.build().withSelection(selection, selection.length);
  }

  // Scheduling

  /** Delivers everything, or in an interleaved mode a few things. */
  private void settle() {
    completeSomeCalls();
    if (!mode.interleaved()) {
      drain();
      return;
    }
    for (int turns = random.nextInt(8); turns > 0 && turn(); turns--) {}
    if (random.nextInt(8) == 0) {
      flush();
    }
  }

  /** Delivers what there is; calls stay open. */
  private void drain() {
    while (turn()) {}
  }

  private void completeSomeCalls() {
    if (openCalls() > 0) {
      for (int some = random.nextInt(3); some > 0 && completeCall(); some--) {}
    }
  }

  private int openCalls() {
    return allTasks.stream().mapToInt(StageTask::openCalls).sum();
  }

  /** Has any call end; whether there was one. */
  private boolean completeCall() {
    int open = openCalls();
    if (open == 0) {
      return false;
    }
    int call = random.nextInt(open);
    for (StageTask task : allTasks) {
      int ofTask = task.openCalls();
      if (call < ofTask) {
        task.completeCall(call);
        return true;
      }
      call -= ofTask;
    }
    throw new IllegalStateException("no call " + call);
  }

  /** One delivery; whether there was one to make. */
  private boolean turn() {
    if (mayCrash && outcome.crashes() < CRASHES && random.nextInt(100) == 0) {
      throw new Crash();
    }
    int chosen = 0;
    int candidates = 0;
    int count = allTasks.size() + allChannels.size();
    for (int i = 0; i < count; i++) {
      if (isReady(i)) {
        candidates++;
        if (candidates == 1 || (mode.interleaved() && random.nextInt(candidates) == 0)) {
          chosen = i;
        }
        if (!mode.interleaved()) {
          break;
        }
      }
    }
    if (candidates == 0) {
      return false;
    }
    if (chosen < allTasks.size()) {
      allTasks.get(chosen).resume();
    } else {
      Channel channel = allChannels.get(chosen - allTasks.size());
      channel.receiver.deliver(channel);
    }
    return true;
  }

  private boolean isReady(int i) {
    return i < allTasks.size()
        ? allTasks.get(i).stage.hasMore()
        : allChannels.get(i - allTasks.size()).isReady();
  }

  private void tick(long millis) {
    clock = millis;
    for (List<StageTask> stage : tasks) {
      stage.forEach(task -> task.stage.processingTime(millis));
      drain();
    }
  }

  private void flush() {
    drain();
    for (List<StageTask> stage : tasks) {
      stage.forEach(task -> task.stage.flush());
      drain();
    }
  }

  // Snapshots

  private void quietPoint() {
    switch (mode.recovery()) {
      case NONE -> {}
      case RESTORE -> {
        takeCheckpoint();
        restart(parallelism);
      }
      case RESCALE -> {
        takeCheckpoint();
        restart(anotherParallelism());
      }
      case CRASH -> {
        if (random.nextInt(4) == 0) {
          takeCheckpoint();
        }
      }
    }
  }

  private int anotherParallelism() {
    int other = 1 + random.nextInt(Mode.MAX_PARALLELISM - 1);
    return other < parallelism ? other : other + 1;
  }

  private void takeCheckpoint() {
    emitAll();
    flush();
    List<OperatorSnapshot> parts = new ArrayList<>();
    for (StageTask task : allTasks) {
      if (!task.isIdle()) {
        throw new IllegalStateException("not at a quiet point");
      }
      parts.addAll(task.snapshot());
    }
    Outcome.Mark before = outcome.mark();
    collectLedgers();
    Outcome.Mark mark = outcome.mark();
    outcome.backTo(before);
    checkpoint = new Checkpoint(position, write(++checkpoints, parts), clock, mark);
  }

  private static byte[] write(long id, List<OperatorSnapshot> parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CanonicalSnapshot.write(JobSnapshot.of(id, MAX_PARALLELISM, parts), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Closes everything and goes on from the last checkpoint. */
  private void restart(int newParallelism) {
    stop();
    parallelism = newParallelism;
    outcome.backTo(checkpoint.mark());
    outcome.restored();
    byte[] bytes = checkpoint.bytes();
    try {
      start(
          bytes == null
              ? Map.of()
              : CanonicalSnapshot.read(new ByteArrayInputStream(bytes)).operators());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    clock = checkpoint.clock(); // virtual time goes back with the script
    Long now = clock;
    if (now != null) {
      boolean couldCrash = mayCrash;
      mayCrash = false;
      tick(now);
      mayCrash = couldCrash;
    }
  }

  private void collectLedgers() {
    allTasks.forEach(task -> task.collectLedgers(outcome));
  }

  private void stop() {
    allTasks.forEach(StageTask::close);
    tasks.clear();
    allTasks.clear();
    allChannels.clear();
    partitions.clear();
  }

  private void start(Map<String, OperatorSnapshot> snapshots) {
    for (int stage = 0; stage < pipeline.stages.size(); stage++) {
      List<StageTask> subtasks = new ArrayList<>();
      for (int subtask = 0; subtask < parallelism; subtask++) {
        subtasks.add(task(stage, subtask));
      }
      tasks.add(subtasks);
      allTasks.addAll(subtasks);
    }
    for (Pipeline.Connection c : pipeline.connections) {
      for (int sender = 0; sender < parallelism; sender++) {
        Router router = router(c.exchange(), sender, c.to(), c.node(), c.nodeInput());
        tasks.get(c.from()).get(sender).route(c.edge(), router);
      }
    }
    for (Pipeline.Source source : pipeline.sources) {
      partitions.add(partitions(source));
    }
    allTasks.forEach(task -> task.restore(snapshots));
  }

  private StageTask task(int stage, int subtask) {
    Map<Integer, Integer> outputs = new HashMap<>();
    for (int i = 0; i < pipeline.outputs.size(); i++) {
      if (pipeline.outputs.get(i).stage() == stage) {
        outputs.put(pipeline.outputs.get(i).edge(), i);
      }
    }
    return new StageTask(
        pipeline.stages.get(stage).get(),
        stage,
        subtask,
        parallelism,
        MAX_PARALLELISM,
        KeyGroups.range(subtask, MAX_PARALLELISM, parallelism),
        mode.backend(),
        random.nextLong(),
        outputs,
        outcome,
        mode.refusing() ? random : null);
  }

  /** A subtask without a partition would hold its watermark back, so there is one for each. */
  private List<Partition> partitions(Pipeline.Source source) {
    List<Partition> result = new ArrayList<>();
    int count =
        source.exchange().isHash() ? mode.partitions() : Math.max(mode.partitions(), parallelism);
    for (int p = 0; p < count; p++) {
      Partition partition = new Partition();
      partition.routers.add(
          router(
              source.exchange(),
              p % parallelism,
              source.stage(),
              source.node(),
              source.nodeInput()));
      result.add(partition);
    }
    return result;
  }

  private Router router(Exchange exchange, int sender, int stage, int node, int nodeInput) {
    List<Channel> channels = new ArrayList<>();
    List<StageTask> receivers = tasks.get(stage);
    for (StageTask receiver : exchange.isHash() ? receivers : List.of(receivers.get(sender))) {
      channels.add(new Channel(receiver, node, nodeInput));
    }
    allChannels.addAll(channels);
    return new Router(exchange, MAX_PARALLELISM, channels, random);
  }
}
