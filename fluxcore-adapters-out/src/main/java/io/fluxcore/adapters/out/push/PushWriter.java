package io.fluxcore.adapters.out.push;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.List;

/** Adds rows to those that clients read. Never waits for any of them. */
public final class PushWriter implements SinkWriter {
  private final MessageEncoder encoder;
  private final RecentEvents events;
  private final PushClients clients;

  public PushWriter(MessageEncoder encoder, RecentEvents events, PushClients clients) {
    this.encoder = encoder;
    this.events = events;
    this.clients = clients;
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
  public long lost() {
    return clients.missed();
  }

  @Override
  public void close() {
    clients.end();
  }
}
