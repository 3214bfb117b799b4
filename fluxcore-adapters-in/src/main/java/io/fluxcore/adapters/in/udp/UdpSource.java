package io.fluxcore.adapters.in.udp;

import io.fluxcore.adapters.in.backlog.BacklogReader;
import io.fluxcore.adapters.in.backlog.BufferSettings;
import io.fluxcore.adapters.in.backlog.MemoryBacklog;
import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Datagrams that come to a port. It has one split. */
final class UdpSource implements Source {
  private final UdpSettings settings;
  private final BufferSettings buffer;
  private final RecordFormat format;
  private final MessageFields fields;
  private final MemoryBacklog memory;

  UdpSource(
      UdpSettings settings, BufferSettings buffer, RecordFormat format, MessageFields fields) {
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
    settings.address().resolve();
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split(settings.address().toString()));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new BacklogReader(this::open, format, fields, context, false);
  }

  private UdpInflow open(@Nullable SplitPosition position, Runnable arrived) {
    return UdpInflow.open(settings, buffer.open(settings.toString(), memory, position, arrived));
  }
}
