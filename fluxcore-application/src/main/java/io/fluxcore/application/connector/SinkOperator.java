package io.fluxcore.application.connector;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sink as the last operator of a stage. The only operator that may block, namely while its writer
 * does. At a barrier the host calls {@link #prepareCommit} after it has flushed the stage, and has
 * {@link #sink()} commit the handles when the checkpoint is complete.
 */
public final class SinkOperator implements Operator {
  private final Sink sink;
  private @Nullable SinkWriter writer;
  private @Nullable OperatorContext context;

  public SinkOperator(Sink sink) {
    this.sink = sink;
  }

  public Sink sink() {
    return sink;
  }

  @Override
  public void open(OperatorContext operatorContext) {
    context = operatorContext;
    writer =
        sink.createWriter(
            operatorContext.operatorId(), operatorContext.subtask(), operatorContext.parallelism());
  }

  private SinkWriter writer() {
    if (writer == null) {
      throw new IllegalStateException("open() first");
    }
    return writer;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    if (context == null) {
      throw new IllegalStateException("open() first");
    }
    writer().write(batch, context.failures());
  }

  /** What was written since the last barrier belongs to this checkpoint. */
  public List<Sink.CommitHandle> prepareCommit(long checkpointId) {
    return writer().prepareCommit(checkpointId);
  }

  @Override
  public void endOfInput(Output out) {
    writer().flush();
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
  }
}
