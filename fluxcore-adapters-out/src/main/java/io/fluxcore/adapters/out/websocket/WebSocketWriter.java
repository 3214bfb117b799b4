package io.fluxcore.adapters.out.websocket;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds rows to the messages that clients get. Never waits for any of them. */
final class WebSocketWriter implements SinkWriter {
  private final MessageEncoder encoder;
  private final RecentEvents messages;
  private @Nullable PushServer server;

  WebSocketWriter(MessageEncoder encoder, RecentEvents messages, PushServer server) {
    this.encoder = encoder;
    this.messages = messages;
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
      messages.add(added);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    PushServer open = server;
    server = null;
    if (open != null) {
      open.end();
    }
  }
}
