package io.fluxcore.adapters.in.rabbitmq;

import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.ServerAddress;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream. It has one split.
 *
 * @param prefetch most messages that wait to be read
 * @param byMessageId whether the id of a message is its message id, not its correlation id
 */
record StreamSource(
    ServerAddress server,
    String virtualHost,
    RabbitMqSource.Queue queue,
    int prefetch,
    boolean byMessageId,
    StreamSettings stream,
    RecordFormat format,
    MessageFields fields)
    implements Source {
  @Override
  public @Nullable Schema schema() {
    return fields.added(
        format.schema(),
        Map.of("timestamp", DataType.TIMESTAMP_TZ, StreamSettings.OFFSET, DataType.LONG));
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
  public void check() {
    RabbitMqConnections.check(server, virtualHost, queue);
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split(queue.name()));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new StreamReader(this, context);
  }

  @Override
  public SplitSeeking seeking() {
    return Seeking.INSTANCE;
  }

  /** By offset; the server's times are those of its arrival, not those of events. */
  private enum Seeking implements SplitSeeking {
    INSTANCE;

    @Override
    public Set<SeekBy> by() {
      return EnumSet.of(SeekBy.POSITION);
    }

    @Override
    public SplitPosition earliest(Split split) {
      return StreamPosition.EARLIEST.toSplitPosition();
    }

    @Override
    public SplitPosition position(Split split, String text) {
      return StreamPosition.parse(text).toSplitPosition();
    }
  }
}
