package io.fluxcore.adapters.out.sse;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.push.PushWriter;
import io.fluxcore.adapters.out.push.RecentEvents;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.changelog.Changes;
import java.util.Locale;

/** Events for those who are connected. They live as long as the sink, over restarts of its job. */
final class SseSink implements Sink {
  private final SseOptions options;
  private final MessageEncoder.Factory encoders;
  private final RecentEvents events;

  /** Of this sink and no other, so that an id of an earlier one is known to be none of its own. */
  private final String epoch =
      Long.toString(System.currentTimeMillis(), Character.MAX_RADIX).toLowerCase(Locale.ROOT);

  SseSink(SseOptions options, MessageEncoder.Factory encoders) {
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
    return new PushWriter(encoders.create(), events, new SseServer(options, epoch, events));
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
