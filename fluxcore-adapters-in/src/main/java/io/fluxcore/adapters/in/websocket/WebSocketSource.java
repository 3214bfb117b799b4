package io.fluxcore.adapters.in.websocket;

import io.fluxcore.adapters.in.backlog.BacklogReader;
import io.fluxcore.adapters.in.backlog.BufferSettings;
import io.fluxcore.adapters.in.backlog.Line;
import io.fluxcore.adapters.in.backlog.LineInflow;
import io.fluxcore.adapters.in.backlog.MemoryBacklog;
import io.fluxcore.adapters.in.backlog.PushInflow;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.TlsStores;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages that come over WebSocket. It has one split. */
final class WebSocketSource implements Source {
  private final WebSocketSettings settings;
  private final BufferSettings buffer;
  private final RecordFormat format;
  private final MessageFields fields;
  private final MemoryBacklog memory;

  WebSocketSource(
      WebSocketSettings settings,
      BufferSettings buffer,
      RecordFormat format,
      MessageFields fields) {
    this.settings = settings;
    this.buffer = buffer;
    this.format = format;
    this.fields = fields;
    this.memory = buffer.memory(settings.toString());
  }

  @Override
  public @Nullable Schema schema() {
    return fields.added(format.schema(), Map.of("timestamp", DataType.TIMESTAMP_TZ));
  }

  @Override
  public Changes changes() {
    return format.changes();
  }

  @Override
  public boolean isBounded() {
    return false;
  }

  @Override
  public boolean isReplayable() {
    return buffer.isDurable();
  }

  @Override
  public void check() {
    TlsStores tls = settings.tls();
    if (tls != null) {
      tls.context();
    }
    WebSocketSettings.Call call = settings.call();
    if (call != null) {
      WebSocketCaller.look(settings, call);
    }
    WebSocketSettings.Listening listening = settings.listening();
    if (listening != null) {
      listening.address().resolve();
    }
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split(settings.address()));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new BacklogReader(this::open, format, fields, context, false);
  }

  private LineInflow open(@Nullable SplitPosition position, Runnable arrived) {
    PushInflow messages = buffer.open(settings.toString(), memory, position, arrived);
    return LineInflow.open(messages, line(messages, arrived));
  }

  private Line line(PushInflow messages, Runnable arrived) {
    WebSocketSettings.Call call = settings.call();
    WebSocketSettings.Listening listening = settings.listening();
    if (call != null) {
      return new WebSocketCaller(settings, call, messages, arrived);
    }
    if (listening != null) {
      return new WebSocketListener(settings, listening, messages);
    }
    throw new IllegalStateException("neither called nor calling");
  }
}
