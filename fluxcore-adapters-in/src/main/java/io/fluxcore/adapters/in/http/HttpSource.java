package io.fluxcore.adapters.in.http;

import io.fluxcore.adapters.in.backlog.Backlog;
import io.fluxcore.adapters.in.backlog.BufferSettings;
import io.fluxcore.adapters.in.backlog.MemoryBacklog;
import io.fluxcore.adapters.in.backlog.SpoolBacklog;
import io.fluxcore.adapters.in.format.JsonFormat;
import io.fluxcore.adapters.in.spool.Spool;
import io.fluxcore.application.connector.Access;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A named stream that is published into. It has one split. */
final class HttpSource implements Source {
  private static final System.Logger LOG = System.getLogger(HttpSource.class.getName());

  private final PublishHub hub;
  private final Settings settings;
  private final JsonFormat format;

  /** Lives as long as the source, so that a restarted job reads what the failed one did not. */
  private final MemoryBacklog memory;

  /** Over all readers. */
  private final AtomicLong refused = new AtomicLong();

  /** The options. */
  record Settings(
      String stream,
      @Nullable String idField,
      long maxEventBytes,
      Access access,
      BufferSettings buffer) {}

  HttpSource(PublishHub hub, Settings settings, JsonFormat format) {
    this.hub = hub;
    this.settings = settings;
    this.format = format;
    this.memory = settings.buffer().memory(name());
  }

  /** For messages to people. */
  private String name() {
    return "stream '" + settings.stream() + "'";
  }

  PublishHub hub() {
    return hub;
  }

  Settings settings() {
    return settings;
  }

  /** How many requests were not let in. */
  AtomicLong refused() {
    return refused;
  }

  JsonFormat format() {
    return format;
  }

  @Override
  public @Nullable Schema schema() {
    return format.schema();
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
    return settings.buffer().isDurable();
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split(settings.stream()));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new HttpReader(this, context);
  }

  /** What was published, from a position on. */
  Backlog backlog(@Nullable SplitPosition position) {
    Path directory = settings.buffer().spool();
    if (directory == null) {
      return memory;
    }
    Spool spool =
        Spool.open(
            directory, settings.buffer().spoolBytes(), settings.buffer().spoolSegmentBytes());
    if (spool.cutOffBytes() > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "spool {0}: a crash left {1} bytes at the end unfinished; they were cut off",
          directory,
          spool.cutOffBytes());
    }
    try {
      long from = position == null ? Math.max(spool.released(), spool.first()) : offset(position);
      return new SpoolBacklog(name(), spool, from);
    } catch (RuntimeException e) {
      spool.close();
      throw e;
    }
  }

  private long offset(SplitPosition position) {
    String[] words = position.text().split(" ");
    try {
      if (words.length == 2 && words[0].equals("event")) {
        return Long.parseLong(words[1]);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new FluxCoreException(
        ErrorCategory.EXTERNAL,
        Diagnostic.error(
            "FLX-HTTP-0002",
            Place.of("spool"),
            "'" + position.text() + "' is no position in stream '" + settings.stream() + "'",
            "start from a checkpoint of this source"));
  }

  static SplitPosition position(long offset) {
    return new SplitPosition("event " + offset);
  }
}
