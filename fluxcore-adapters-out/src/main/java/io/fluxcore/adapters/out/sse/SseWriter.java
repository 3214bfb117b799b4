package io.fluxcore.adapters.out.sse;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds rows to the events that clients read. Never waits for any of them. */
final class SseWriter implements SinkWriter {
  private final MessageEncoder encoder;
  private final RecentEvents events;
  private @Nullable SseServer server;

  SseWriter(MessageEncoder encoder, RecentEvents events, SseServer server) {
    this.encoder = encoder;
    this.events = events;
    this.server = server;
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    encoder.encode(batch, failures);
    List<byte[]> added = new ArrayList<>(encoder.count());
    for (int i = 0; i < encoder.count(); i++) {
      added.add(encoder.bytes(i));
    }
    if (!added.isEmpty()) {
      events.add(added);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    SseServer open = server;
    server = null;
    if (open != null) {
      open.close();
    }
  }
}
