package io.fluxcore.adapters.out.mqtt;

import io.fluxcore.domain.event.EventBatch;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message on its way out, and the row that it was made of. */
final class Outgoing {
  final EventBatch batch;
  final int row;
  final String topic;
  final byte[] bytes;
  final Map<String, String> properties;

  /** What has become of it; null: it is to be published. */
  @Nullable CompletableFuture<?> published;

  Outgoing(EventBatch batch, int row, String topic, byte[] bytes, Map<String, String> properties) {
    this.batch = batch;
    this.row = row;
    this.topic = topic;
    this.bytes = bytes;
    this.properties = properties;
  }
}
