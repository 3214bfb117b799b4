package io.fluxcore.domain.operator;

import io.fluxcore.domain.event.EventBatch;

/** What a host gives a stage to send to other stages. Used on the stage's thread. */
public interface StageOutput {
  /** Sends a batch along an outgoing edge of the stage; may block. */
  void emit(int edge, EventBatch batch);

  /** Sends the stage's watermark along all edges. Rises strictly. */
  void watermark(long watermark);

  /** Whether all edges take more without delay. */
  boolean hasCapacity();
}
