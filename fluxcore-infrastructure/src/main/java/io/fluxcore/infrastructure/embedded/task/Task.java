package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.application.runtime.JobProgress.LastError;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Histogram;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.LookupReading;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.Stage;
import io.fluxcore.domain.operator.StateReading;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.infrastructure.embedded.channel.Element;
import io.fluxcore.infrastructure.embedded.channel.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One subtask of a stage, on a thread of its own. What others ask of it ({@link #cancel}, {@link
 * #abortCheckpoint}, …) is left in volatile fields, and the task is woken; it looks at them between
 * two elements and while it waits. The clock is read once an element, never once a row.
 */
public abstract class Task implements Runnable {
  /** Processing time is told to operators this often while there is work, … */
  static final long TICK_NANOS = 5_000_000;

  /** … and this often while there is none. */
  static final long QUIET_TICK_NANOS = 10_000_000;

  /** The size of state is asked for this often: not every backend knows it at once. */
  private static final long STATE_NANOS = 1_000_000_000;

  private static final long NANOS_PER_MICRO = 1_000;

  final Signal signal;
  final TaskTimes times;
  final TaskOutput out;
  final Stage stage;
  final TaskSettings settings;

  private final String name;
  private final int stageNumber;
  private final TaskOperators operators;
  private final TaskEvents events;
  private final TaskControl control;
  private final List<SinkOperator> sinks;
  private final List<Ledger> sinkLedgers;
  private final List<NodeCalls> calls = new ArrayList<>();
  private final Histogram latencyMicros = new Histogram();
  private final AtomicReferenceArray<@Nullable WindowReading> windows;
  private final Queue<Injection> injections = new ConcurrentLinkedQueue<>();
  private volatile boolean over;
  private @Nullable Injection injecting;
  private final AtomicLongArray stateBytes;
  private final AtomicReferenceArray<@Nullable StateReading> states;
  private final AtomicReferenceArray<@Nullable LookupReading> lookups;
  private final Queue<StateQuestion> questions = new ConcurrentLinkedQueue<>();
  private long sinkRows;
  private long notifiedCheckpoint;
  private long nowMillis = Long.MIN_VALUE;
  private long nowNanos;
  private long lastTickNanos;
  private long lastStateNanos;
  private boolean idleSent;

  Task(
      String name,
      int stageNumber,
      TaskOperators operators,
      TaskWiring wiring,
      TaskSettings settings,
      TaskEvents events) {
    this.name = name;
    this.stageNumber = stageNumber;
    this.operators = operators;
    this.control = wiring.control();
    this.signal = wiring.control().signal();
    this.times = wiring.times();
    this.settings = settings;
    this.events = events;
    this.out = new TaskOutput(wiring.exchanges(), signal, control::isCancelled, times);
    this.stage = operators.stage(out);
    this.sinks = operators.sinks();
    this.sinkLedgers = operators.sinkLedgers();
    this.windows = new AtomicReferenceArray<>(operators.nodes().size());
    this.stateBytes = new AtomicLongArray(windows.length());
    this.states = new AtomicReferenceArray<>(windows.length());
    this.lookups = new AtomicReferenceArray<>(windows.length());
    for (int node = 0; node < operators.contexts().size(); node++) {
      if (operators.contexts().get(node).async() instanceof TaskCalls ofNode) {
        calls.add(new NodeCalls(node, ofNode));
        ofNode.bind(this::wake);
      }
    }
  }

  /** The asynchronous calls of an operator of the task. */
  private record NodeCalls(int node, TaskCalls calls) {}

  /**
   * A question for the state of a key.
   *
   * @param key columns of one row
   */
  private record StateQuestion(
      int node, Column[] key, CompletableFuture<@Nullable List<KeyState>> answer) {}

  /** Name of the task, for its thread and for messages. */
  public String name() {
    return name;
  }

  public int stageNumber() {
    return stageNumber;
  }

  public TaskOperators operators() {
    return operators;
  }

  public TaskTimes times() {
    return times;
  }

  /** Microseconds from a source's read to this task's sinks, by row. */
  public Histogram latencyMicros() {
    return latencyMicros;
  }

  /** The last watermark that the task sent, {@link Long#MIN_VALUE} before the first. */
  public long watermark() {
    return out.currentWatermark();
  }

  /** What the windows of a node waited for at the last tick, or null if it has none. Any thread. */
  public @Nullable WindowReading windows(int node) {
    return windows.get(node);
  }

  /** Bytes of keyed state that an operator of the task held at the last tick. Any thread. */
  public long stateBytes(String operatorId) {
    long bytes = 0;
    for (int node = 0; node < stateBytes.length(); node++) {
      if (operators.nodes().get(node).operatorId().equals(operatorId)) {
        bytes += stateBytes.get(node);
      }
    }
    return bytes;
  }

  /** What was known of the states of a node, or null if it has none of its own. Any thread. */
  public @Nullable StateReading state(int node) {
    return states.get(node);
  }

  /** How a node gets on with a table outside, or null if it asks none. Any thread. */
  public @Nullable LookupReading lookups(int node) {
    return lookups.get(node);
  }

  /**
   * Asks for the state of a key of a node, which is read between two elements. Any thread.
   *
   * @param key columns of one row
   * @return completes with null if the task ends before
   */
  public CompletableFuture<@Nullable List<KeyState>> queryState(int node, Column[] key) {
    CompletableFuture<@Nullable List<KeyState>> answer = new CompletableFuture<>();
    questions.add(new StateQuestion(node, key, answer));
    wake();
    if (over) {
      refuseQuestions();
    }
    return answer;
  }

  private void refuseQuestions() {
    for (StateQuestion q = questions.poll(); q != null; q = questions.poll()) {
      q.answer().complete(null);
    }
  }

  private void answerQuestions() {
    for (StateQuestion q = questions.poll(); q != null; q = questions.poll()) {
      try {
        q.answer().complete(stage.queryState(q.node(), q.key()));
      } catch (RuntimeException e) {
        q.answer().completeExceptionally(e);
      }
    }
  }

  /** The last row that a node could not process, or null. Any thread. */
  public @Nullable LastError lastError(int node) {
    return operators.contexts().get(node).failures() instanceof PolicyFailures failures
        ? failures.last()
        : null;
  }

  /** Ends the task soon, wherever it is. Any thread; whoever calls it interrupts the thread too. */
  public void cancel() {
    control.cancel();
    wake();
  }

  /** A checkpoint is given up. Any thread. */
  public void abortCheckpoint(long checkpointId) {
    onAbort(checkpointId);
    wake();
  }

  /** A checkpoint is complete, its handles are committed. Any thread. */
  public void completeCheckpoint(long checkpointId) {
    control.completed(checkpointId);
    wake();
  }

  /** Tells the job that the task's source has come to the end of its time bounds. */
  final void reportArrival() {
    events.arrived(this);
  }

  /** Whether the task has ended, in whatever way. Any thread. */
  public boolean isOver() {
    return over;
  }

  /** Gives a dead letter to the task's operators or its source. Any thread. */
  public void inject(Injection injection) {
    injections.add(injection);
    if (over) {
      refuseInjections();
    } else {
      wake();
    }
  }

  private void refuseInjections() {
    for (Injection next = injections.poll(); next != null; next = injections.poll()) {
      next.refuse("the operator's task is over");
    }
  }

  /** Gives waiting dead letters to their operators, one at a time, between two elements. */
  final void serveInjections() {
    for (Injection next = injections.poll(); next != null; next = injections.poll()) {
      checkCancelled();
      injecting = next;
      readClock();
      out.cause(nowNanos, nowNanos);
      ReplayOutcome outcome = inject(next, next.batch());
      injecting = null;
      next.done().accept(outcome);
    }
  }

  /** Gives a row to a node of the stage; null: there is no row. */
  ReplayOutcome inject(Injection injection, @Nullable EventBatch batch) {
    OperatorContext context = operators.contexts().get(injection.node());
    if (batch == null || !(context.failures() instanceof PolicyFailures failures)) {
      return ReplayOutcome.refused(
          injection.letter(), "FLX-DEADLETTER-0003", "the letter has no row for the operator");
    }
    awaitWaitingRows(); // so that what fails now is the row's
    long late = context.ledger().counts().late();
    control.origin().at("", null, null);
    failures.beginReplay();
    LastError error;
    try {
      stage.process(injection.node(), injection.input(), batch);
      complete();
      awaitWaitingRows();
    } finally {
      error = failures.endReplay();
    }
    if (error != null) {
      return ReplayOutcome.failed(injection.letter(), error.code(), error.message());
    }
    long checkpoint = control.origin().checkpoint();
    return context.ledger().counts().late() == late
        ? ReplayOutcome.processed(injection.letter(), checkpoint)
        : ReplayOutcome.late(injection.letter(), checkpoint);
  }

  final TaskControl control() {
    return control;
  }

  void wake() {
    signal.wake();
  }

  void onAbort(long checkpointId) {}

  @Override
  public final void run() {
    try {
      stage.open(operators.contexts());
      operators.restore(stage, settings.restored());
      open();
      events.opened(this);
      readClock();
      tick();
      work();
      List<FrozenOperator> last = lastState(settings.nextCheckpointId().getAsLong());
      close();
      end();
      events.finished(this, last);
    } catch (TaskCancelled e) {
      closeQuietly(null);
      end();
      events.cancelled(this);
    } catch (Throwable e) {
      closeQuietly(e);
      end();
      if (control.isCancelled()) {
        events.cancelled(this);
      } else {
        events.failed(this, e);
      }
    }
  }

  /** Nothing is given to operators any more. */
  private void end() {
    over = true;
    calls.forEach(ofNode -> ofNode.calls().close());
    Injection unfinished = injecting;
    if (unfinished != null) {
      unfinished.refuse("the job failed or ended while the letter was being replayed");
    }
    refuseInjections();
    refuseQuestions();
  }

  /** Opens what is not an operator. */
  abstract void open();

  /** Processes input until there is none any more. */
  abstract void work();

  /** Closes what is not an operator. */
  abstract void closeInput();

  /** Whether the loop has something to look at beside its input. */
  boolean needsAttention() {
    return control.isCancelled()
        || control.completed() > notifiedCheckpoint
        || !injections.isEmpty()
        || !questions.isEmpty()
        || haveCallsReturned();
  }

  private boolean haveCallsReturned() {
    for (NodeCalls ofNode : calls) {
      if (ofNode.calls().hasReturned()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Gives operators the completions of their calls. Between two elements, or while the stage has
   * more to do. What fails then did not come with what was read last.
   */
  final void serveCalls() {
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).calls().areAny()) {
        serve(calls.get(i));
      }
    }
  }

  /** Whether operators have calls, for which their rows need not wait. */
  final boolean hasCalls() {
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).calls().areAny()) {
        return true;
      }
    }
    return false;
  }

  private void serve(NodeCalls ofNode) {
    while (stage.takesCompletions(ofNode.node())) {
      Consumer<Output> completion = ofNode.calls().poll(System.nanoTime());
      if (completion == null) {
        return;
      }
      control.origin().at("", null, null);
      out.cause(nowNanos, nowNanos);
      stage.complete(ofNode.node(), completion);
    }
  }

  /**
   * Waits until a call has returned, or something else asks for attention, or for a tick: operators
   * cannot go on before.
   */
  final void awaitCalls(BooleanSupplier attention) {
    long start = System.nanoTime();
    signal.await(
        () -> haveCallsReturned() || control.isCancelled() || attention.getAsBoolean(),
        QUIET_TICK_NANOS);
    times.backPressured(System.nanoTime() - start);
    checkCancelled();
  }

  final void checkCancelled() {
    if (control.isCancelled()) {
      throw new TaskCancelled();
    }
  }

  /**
   * Answers questions, and tells sinks, and whoever overrides it, of a completed checkpoint.
   * Between two elements.
   */
  final void serveCompleted() {
    answerQuestions();
    long completed = control.completed();
    if (completed > notifiedCheckpoint) {
      notifiedCheckpoint = completed;
      for (SinkOperator sink : sinks) {
        sink.checkpointCompleted(completed);
      }
      checkpointCompleted(completed);
    }
  }

  void checkpointCompleted(long checkpointId) {}

  /** Reads the clocks; processing time does not go back. */
  final void readClock() {
    nowNanos = System.nanoTime();
    nowMillis = Math.max(nowMillis, settings.clock().millis());
  }

  final long nowMillis() {
    return nowMillis;
  }

  final long nowNanos() {
    return nowNanos;
  }

  /** Tells operators the processing time if they have not heard of it for a while. */
  final void tickIfDue() {
    if (nowNanos - lastTickNanos >= TICK_NANOS) {
      tick();
    }
  }

  private void tick() {
    lastTickNanos = nowNanos;
    out.cause(nowNanos, nowNanos);
    stage.processingTime(nowMillis);
    complete();
    publish();
  }

  /** Has other threads see how far the task is: at ticks, and at the end. */
  void publish() {
    for (int node = 0; node < windows.length(); node++) {
      WindowReading reading = stage.windows(node);
      if (reading != null) {
        windows.lazySet(node, reading);
      }
      LookupReading asked = stage.lookups(node);
      if (asked != null) {
        lookups.lazySet(node, asked);
      }
    }
    if (nowNanos - lastStateNanos >= STATE_NANOS) {
      publishState();
    }
  }

  private void publishState() {
    lastStateNanos = nowNanos;
    for (int node = 0; node < states.length(); node++) {
      stateBytes.lazySet(node, operators.contexts().get(node).state().estimatedBytes());
      StateReading reading = stage.state(node);
      if (reading != null) {
        states.lazySet(node, reading);
      }
    }
  }

  /** Has the stage finish a delivery that stopped for lack of capacity. */
  final void complete() {
    while (stage.hasMore()) {
      if (!out.hasCapacity()) {
        out.awaitCapacity(this::haveCallsReturned);
      } else if (stage.isSaturated()) {
        awaitCalls(() -> false);
      }
      checkCancelled();
      serveCalls();
      stage.resume();
    }
    if (!sinks.isEmpty()) {
      recordLatency();
    }
  }

  private void recordLatency() {
    long rows = 0;
    for (Ledger ledger : sinkLedgers) {
      rows += ledger.rowsIn();
    }
    if (rows > sinkRows) {
      long micros = (System.nanoTime() - out.readNanos()) / NANOS_PER_MICRO;
      latencyMicros.record(micros, rows - sinkRows);
      sinkRows = rows;
    }
  }

  /** Sends that the task's input is idle, or no longer so, where that is news. */
  final void sendIdle(boolean idle) {
    if (idle != idleSent) {
      idleSent = idle;
      out.broadcast(idle ? Element.Idle.INSTANCE : Element.Active.INSTANCE);
    }
  }

  /** The barrier of a checkpoint: nothing is held back for batching, then state is taken. */
  final void checkpoint(long checkpointId) {
    stage.flush();
    complete();
    out.broadcast(new Element.Barrier(checkpointId));
    for (SinkOperator sink : sinks) {
      sink.prepareCommit(checkpointId);
    }
    List<FrozenOperator> parts;
    try {
      parts = parts(settings.formats().apply(checkpointId));
    } catch (RuntimeException e) {
      events.snapshotFailed(this, checkpointId, e);
      return;
    } finally {
      control.origin().checkpoint(checkpointId);
    }
    events.snapshotTaken(this, checkpointId, parts);
  }

  private List<FrozenOperator> lastState(long checkpointId) {
    for (SinkOperator sink : sinks) {
      sink.prepareCommit(checkpointId);
    }
    return parts(SnapshotFormat.CANONICAL).stream().map(FrozenOperator::held).toList();
  }

  private List<FrozenOperator> parts(SnapshotFormat format) {
    List<FrozenOperator> parts = new ArrayList<>(operators.freeze(stage, format));
    List<OperatorSnapshot> own = new ArrayList<>();
    addParts(own);
    own.forEach(part -> parts.add(FrozenOperator.of(part)));
    return parts;
  }

  /** Adds the state of what is not an operator. */
  void addParts(List<OperatorSnapshot> parts) {}

  /** What is asked of the task while rows at the end of its input wait for calls. */
  void serveAtEnd() {
    serveCompleted();
    serveInjections();
  }

  /** Has rows that wait for calls go on, all of them. */
  private void awaitWaitingRows() {
    while (stage.awaitsCalls()) {
      awaitCalls(() -> false);
      readClock();
      serveCalls();
      complete();
      tickIfDue();
    }
  }

  /** The end of the input: all windows close, everything is sent. */
  final void finish() {
    readClock();
    out.cause(nowNanos, nowNanos);
    stage.watermark(Long.MAX_VALUE);
    complete();
    stage.endOfInput();
    complete();
    while (!stage.isEnded()) {
      awaitCalls(this::needsAttention);
      readClock();
      serveAtEnd();
      serveCalls();
      complete();
      tickIfDue();
      stage.endOfInput();
      complete();
      out.flushOverdue(nowNanos, settings.lingerNanos());
    }
    out.broadcast(Element.EndOfInput.INSTANCE);
    publish();
    publishState();
  }

  private void close() {
    try {
      closeInput();
    } finally {
      try {
        stage.close();
      } finally {
        operators.closeState();
      }
    }
  }

  private void closeQuietly(@Nullable Throwable cause) {
    try {
      close();
    } catch (Throwable e) {
      if (cause != null && cause != e) {
        cause.addSuppressed(e);
      }
    }
  }
}
