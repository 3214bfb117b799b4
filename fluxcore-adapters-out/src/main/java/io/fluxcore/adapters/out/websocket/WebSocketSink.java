package io.fluxcore.adapters.out.websocket;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.push.PushWriter;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;

/** Messages for those who are connected. */
final class WebSocketSink implements Sink {
  private final WebSocketOptions options;
  private final MessageEncoder.Factory encoders;
  private final RecentEvents events;

  WebSocketSink(WebSocketOptions options, MessageEncoder.Factory encoders) {
    this.options = options;
    this.encoders = encoders;
    this.events = new RecentEvents(options.push().bufferEvents(), options.push().bufferBytes());
  }

  /** What clients are told. */
  RecentEvents events() {
    return events;
  }

  @Override
  public Changes takes() {
    return encoders.takes();
  }

  @Override
  public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return new PushWriter(encoders.create(), events, PushServer.start(options, events));
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void check() {
    options.push().check();
  }

  @Override
  public String toString() {
    return options.toString();
  }
}
