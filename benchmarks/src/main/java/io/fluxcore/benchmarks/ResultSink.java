package io.fluxcore.benchmarks;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Hands result batches, changes with their kinds, to a consumer of each writer's own. */
public final class ResultSink implements Sink {
  private final Supplier<Consumer<EventBatch>> consumers;
  private final Runnable onEnd;

  /**
   * @param consumers gives each writer its consumer
   * @param onEnd runs when a writer has written its last row
   */
  public ResultSink(Supplier<Consumer<EventBatch>> consumers, Runnable onEnd) {
    this.consumers = consumers;
    this.onEnd = onEnd;
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public Changes takes() {
    return Changes.retracts(null);
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    Consumer<EventBatch> consumer = consumers.get();
    return new SinkWriter() {
      @Override
      public void write(EventBatch batch, RecordFailures failures) {
        consumer.accept(batch);
      }

      @Override
      public void flush() {}

      @Override
      public void endOfInput() {
        onEnd.run();
      }

      @Override
      public void close() {}
    };
  }
}
