package io.fluxcore.adapters.in.redis;

import io.fluxcore.adapters.in.format.MessageFields;
import io.fluxcore.adapters.in.format.RecordFormat;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Streams of one Redis; splits are streams, named by their keys. */
final class RedisSource implements Source {
  private static final Map<String, DataType> PART_TYPES =
      Map.of("timestamp", DataType.TIMESTAMP_TZ);

  private final RedisSettings settings;
  private final RecordFormat format;
  private final MessageFields fields;

  RedisSource(RedisSettings settings, RecordFormat format, MessageFields fields) {
    this.settings = settings;
    this.format = format;
    this.fields = fields;
  }

  RedisSettings settings() {
    return settings;
  }

  RecordFormat format() {
    return format;
  }

  MessageFields fields() {
    return fields;
  }

  /** Where a start without a checkpoint begins. */
  StreamPosition start() {
    return switch (settings.startFrom()) {
      case EARLIEST -> StreamPosition.EARLIEST;
      case LATEST -> StreamPosition.LATEST;
      case ID -> {
        EntryId id = settings.startId();
        yield StreamPosition.after(id == null ? EntryId.ZERO : id);
      }
    };
  }

  @Override
  public @Nullable Schema schema() {
    return fields.added(format.schema(), PART_TYPES);
  }

  @Override
  public Changes changes() {
    return format.changes();
  }

  @Override
  public boolean isBounded() {
    return settings.bounded();
  }

  /** A stream need not be there yet; a key of another kind is in its way for good. */
  @Override
  public void check() {
    try (RedisLink link = new RedisLink(settings)) {
      StatefulRedisConnection<byte[], byte[]> connection = await(link.connect());
      for (String stream : settings.streams()) {
        String type =
            await(
                connection
                    .async()
                    .type(stream.getBytes(StandardCharsets.UTF_8))
                    .toCompletableFuture());
        if (!type.equals("stream") && !type.equals("none")) {
          throw RedisSourceErrors.notAStream(settings, stream, "type '" + type + "'", null);
        }
      }
    } catch (ExecutionException | TimeoutException e) {
      String answer = RedisSourceErrors.answer(e);
      if (answer != null && !RedisSourceErrors.isForNow(answer)) {
        throw RedisSourceErrors.of(settings, String.join(", ", settings.streams()), answer, e);
      }
      throw RedisSourceErrors.noAnswer(settings, answer == null ? e.toString() : answer, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private <T> T await(CompletableFuture<T> answer)
      throws ExecutionException, TimeoutException, InterruptedException {
    return answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public List<Split> discoverSplits() {
    return settings.streams().stream().map(Split::new).toList();
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new RedisReader(this, context);
  }

  @Override
  public SplitSeeking seeking() {
    return Seeking.INSTANCE;
  }

  /** By the ids of entries, which are times. */
  private enum Seeking implements SplitSeeking {
    INSTANCE;

    @Override
    public Set<SeekBy> by() {
      return EnumSet.of(SeekBy.POSITION, SeekBy.TIMESTAMP);
    }

    @Override
    public SplitPosition earliest(Split split) {
      return StreamPosition.EARLIEST.toSplitPosition();
    }

    @Override
    public SplitPosition position(Split split, String text) {
      return StreamPosition.parse(text).toSplitPosition();
    }

    @Override
    public SplitPosition at(Split split, Instant time) {
      return StreamPosition.after(EntryId.before(time.toEpochMilli())).toSplitPosition();
    }
  }

  @Override
  public String toString() {
    return "redis source of " + settings;
  }
}
