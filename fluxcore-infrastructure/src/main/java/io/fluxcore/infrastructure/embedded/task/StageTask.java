package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.time.ChannelWatermarks;
import io.fluxcore.infrastructure.embedded.channel.Channel;
import io.fluxcore.infrastructure.embedded.channel.Element;
import java.util.ArrayList;
import java.util.List;

/** A task that is fed by channels. */
public final class StageTask extends Task {
  private final InputGate gate;
  private final ChannelWatermarks watermarks;
  private final KeyGroupRange keyGroups;

  private StageTask(
      String name,
      int stageNumber,
      TaskOperators operators,
      TaskWiring wiring,
      TaskSettings settings,
      TaskEvents events,
      InputGate gate) {
    super(name, stageNumber, operators, wiring, settings, events);
    this.gate = gate;
    this.watermarks = new ChannelWatermarks(gate.size());
    this.keyGroups = operators.contexts().get(0).keyGroups();
  }

  /** Collects the input channels of a task. Not thread-safe. */
  public static final class Inputs {
    private final List<InputGate.Input> inputs = new ArrayList<>();

    /** Adds a channel; see {@link io.fluxcore.application.planner.ExecutionPlan.PlannedEdge}. */
    public void add(Channel channel, int node, int input, boolean keyed) {
      inputs.add(new InputGate.Input(channel, node, input, keyed));
    }
  }

  /** A task of these inputs. */
  public static StageTask of(
      String name,
      int stageNumber,
      TaskOperators operators,
      TaskWiring wiring,
      TaskSettings settings,
      TaskEvents events,
      Inputs inputs) {
    return new StageTask(
        name, stageNumber, operators, wiring, settings, events, new InputGate(inputs.inputs));
  }

  @Override
  void onAbort(long checkpointId) {
    gate.abort(checkpointId);
  }

  @Override
  void open() {}

  @Override
  void closeInput() {}

  @Override
  void work() {
    while (!gate.isFinished()) {
      checkCancelled();
      serveCompleted();
      serveInjections();
      if (hasCalls()) {
        serveCalls();
        complete();
      }
      if (!out.hasCapacity()) {
        out.awaitCapacity(this::needsAttention);
        continue;
      }
      if (stage.isSaturated() && !gate.isBarrierNear()) {
        awaitCalls(() -> needsAttention() || gate.isBarrierNear());
        readClock();
        tickIfDue();
        out.flushOverdue(nowNanos(), settings.lingerNanos());
        continue;
      }
      Element element = gate.poll();
      readClock();
      if (element == null) {
        awaitInput();
      } else {
        take(element);
      }
      tickIfDue();
      out.flushOverdue(nowNanos(), settings.lingerNanos());
    }
    finish();
  }

  private void awaitInput() {
    boolean waiting = out.flushDue(nowNanos(), settings.lingerNanos());
    long start = nowNanos();
    long nanos = waiting ? Math.min(settings.lingerNanos(), QUIET_TICK_NANOS) : QUIET_TICK_NANOS;
    signal.await(() -> gate.hasElement() || needsAttention(), nanos);
    readClock();
    times.idle(nowNanos() - start);
  }

  private void take(Element element) {
    if (element instanceof Element.Rows rows) {
      out.cause(rows.readNanos(), nowNanos());
      process(rows.batch());
    } else if (element instanceof Element.Watermark watermark) {
      out.cause(watermark.readNanos(), nowNanos());
      watermarks.update(gate.current(), watermark.timestamp());
      tellInput();
      advance();
    } else if (element instanceof Element.Idle) {
      watermarks.idle(gate.current());
      advance();
    } else if (element instanceof Element.Active) {
      watermarks.active(gate.current());
      advance();
    } else if (element instanceof Element.EndOfInput) {
      watermarks.end(gate.current());
      tellInput();
      advance();
    } else if (element instanceof Element.Barrier barrier) {
      checkpoint(barrier.checkpointId());
    }
  }

  private void process(EventBatch batch) {
    InputGate.Input input = gate.currentInput();
    if (input.keyed() && isForeign(batch)) {
      throw foreign(batch);
    }
    stage.process(input.node(), input.input(), batch);
    complete();
  }

  private boolean isForeign(EventBatch batch) {
    return batch.minKeyGroup() < keyGroups.first() || batch.maxKeyGroup() > keyGroups.last();
  }

  private FluxCoreException foreign(EventBatch batch) {
    return new FluxCoreException(
        ErrorCategory.BUG,
        Diagnostic.error(
            "FLX-RUN-0001",
            Place.of(name()),
            "received rows of key groups "
                + batch.minKeyGroup()
                + ".."
                + batch.maxKeyGroup()
                + " but owns "
                + keyGroups,
            "please report this: sender and receiver disagree about the exchange"));
  }

  private void tellInput() {
    InputGate.Input input = gate.currentInput();
    stage.inputWatermark(
        input.node(), input.input(), watermarks.smallestOf(gate.currentChannels()));
  }

  /** A watermark that rises goes through the stage before the stage is said to be idle. */
  private void advance() {
    if (!watermarks.isIdle()) {
      sendIdle(false);
    }
    if (watermarks.watermark() > stage.currentWatermark()) {
      stage.watermark(watermarks.watermark());
      complete();
    }
    if (watermarks.isIdle()) {
      sendIdle(true);
    }
  }
}
