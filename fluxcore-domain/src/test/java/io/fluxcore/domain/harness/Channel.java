package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.EventBatch;
import java.util.ArrayDeque;
import java.util.Deque;

/** From one sender to one input of one subtask, in order and without bound. */
final class Channel {
  /** What travels. */
  sealed interface Item {}

  record Batch(EventBatch batch) implements Item {}

  record Watermark(long time) implements Item {}

  record End() implements Item {}

  final StageTask receiver;
  final int node;
  final int nodeInput;
  final Deque<Item> items = new ArrayDeque<>();

  /** The last watermark that was delivered. */
  long watermark = Long.MIN_VALUE;

  boolean ended;

  Channel(StageTask receiver, int node, int nodeInput) {
    this.receiver = receiver;
    this.node = node;
    this.nodeInput = nodeInput;
    receiver.channels.add(this);
  }

  boolean isReady() {
    return !items.isEmpty() && !receiver.stage.hasMore();
  }
}
