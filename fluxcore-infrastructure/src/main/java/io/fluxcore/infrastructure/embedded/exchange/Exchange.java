package io.fluxcore.infrastructure.embedded.exchange;

import io.fluxcore.domain.event.EventBatch;
import java.util.List;

/** The sending side of an edge, for one subtask. Used by the sending task's thread. */
public interface Exchange {
  /**
   * Sends a batch; blocks while a channel that it goes to is full.
   *
   * @param readNanos when the oldest of the rows was read
   */
  void send(EventBatch batch, long readNanos, long nowNanos);

  /** One lane a receiving subtask. */
  List<Lane> lanes();
}
