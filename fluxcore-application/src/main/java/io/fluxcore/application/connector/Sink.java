package io.fluxcore.application.connector;

import io.fluxcore.domain.topology.BoundSink;
import java.util.List;

/** A configured sink, before it is written. Thread-safe. */
public interface Sink extends BoundSink {
  /**
   * A writer for one subtask.
   *
   * @param operatorId name of the sink in the topology
   */
  SinkWriter createWriter(String operatorId, int subtask, int parallelism);

  /**
   * Whether writers may hold a batch after {@link SinkWriter#write} has returned; who does not lets
   * sources use their arrays again.
   */
  default boolean keepsBatches() {
    return true;
  }

  /**
   * Makes what was prepared visible. Called once or more for the same handles, perhaps on another
   * host after a restart, so it must be idempotent and need nothing but the handles.
   */
  default void commit(List<CommitHandle> handles) {}

  /**
   * What {@link SinkWriter#prepareCommit} leaves for the commit: self-contained.
   *
   * @param text in the connector's own words
   */
  record CommitHandle(String text) {}
}
