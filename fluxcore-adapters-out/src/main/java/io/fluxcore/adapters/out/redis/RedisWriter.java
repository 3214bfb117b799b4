package io.fluxcore.adapters.out.redis;

import io.fluxcore.adapters.out.format.RowBuffer;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.adapters.out.format.RowKinds;
import io.fluxcore.adapters.out.format.RowTemplate;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.adapters.out.outside.Patience;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends rows in pipelines and waits for the answers. Of rows of one key in a pipeline only the last
 * is sent, which is what would be left of them. What was taken stays with the writer until Redis
 * has it.
 */
final class RedisWriter implements SinkWriter {
  private final RedisOptions options;
  private final RedisLink link;
  private final RowTemplate.Reader keys;
  private final RowEncoder encoder;
  private final RowBuffer buffer = new RowBuffer();
  private final TextValues texts = new TextValues();
  private final byte[][] names;
  private final Map<Object, Row> pending = new LinkedHashMap<>();
  private RecordFailures failures = RecordFailures.FAIL;

  /**
   * A row that waits.
   *
   * @param json what is written, where it is a JSON text
   */
  private record Row(EventBatch batch, int row, String key, byte[] json) {
    private RowKind kind() {
      return batch.rowKind(row);
    }

    private boolean isWritten() {
      return kind() == RowKind.INSERT || kind() == RowKind.UPDATE_AFTER;
    }
  }

  /** A row and the commands that it became. */
  private record Sent(Row row, List<RedisFuture<?>> answers) {}

  RedisWriter(RedisOptions options, Schema rows, RedisLink link) {
    this.options = options;
    this.link = link;
    this.keys = options.key().reader();
    this.encoder = RowEncoder.json(rows, options.mode().isByKey() ? RowKinds.NEVER : RowKinds.AUTO);
    this.names = new byte[rows.size()][];
    for (int i = 0; i < names.length; i++) {
      names[i] = utf8(rows.field(i).name());
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void write(EventBatch batch, RecordFailures newFailures) {
    failures = newFailures;
    for (int i = 0; i < batch.size(); i++) {
      if (pending.size() >= options.batchSize()) {
        send(i);
      }
      int row = batch.row(i);
      try {
        add(new Row(batch, row, keys.of(batch, row), json(batch, row)));
      } catch (RecordException e) {
        failures.failed(batch, row, e);
      }
    }
  }

  private byte[] json(EventBatch batch, int row) {
    if (options.mode() == RedisOptions.Mode.HASH || options.mode() == RedisOptions.Mode.STREAM) {
      return new byte[0];
    }
    EventBatch one = batch.withSelection(new int[] {row}, 1);
    buffer.reset();
    encoder.encode(
        options.mode().isByKey() ? one.withRowKinds(null) : one,
        (rows, at, error) -> {
          throw error;
        },
        buffer);
    byte[] line = buffer.toByteArray();
    return Arrays.copyOf(line, line.length - 1);
  }

  private void add(Row row) {
    Object place = options.mode().isByKey() ? row.key() : new Object();
    pending.remove(place);
    pending.put(place, row);
  }

  private void send(int taken) {
    Patience patience = new Patience(options.retryTimeout());
    while (!pending.isEmpty()) {
      String reason;
      Throwable cause = null;
      try {
        reason = settle(dispatch(pending.values()), patience.attempts());
        if (reason == null) {
          return;
        }
      } catch (RedisException | TimeoutException e) {
        link.drop();
        reason = e.toString();
        cause = e;
      }
      if (!patience.again()) {
        throw RedisSinkErrors.noAnswer(options.address(), reason, taken, cause);
      }
    }
  }

  private List<Sent> dispatch(Collection<Row> rows) {
    StatefulRedisConnection<byte[], byte[]> connection = link.connection();
    RedisAsyncCommands<byte[], byte[]> commands = connection.async();
    List<Sent> sent = new ArrayList<>(rows.size());
    for (Row row : rows) {
      sent.add(new Sent(row, commands(row, commands)));
    }
    connection.flushCommands();
    return sent;
  }

  private List<RedisFuture<?>> commands(Row row, RedisAsyncCommands<byte[], byte[]> commands) {
    byte[] key = utf8(row.key());
    return switch (options.mode()) {
      case SET -> List.of(row.isWritten() ? set(key, row, commands) : commands.del(key));
      case HASH -> row.isWritten() ? hash(key, row, commands) : List.of(commands.del(key));
      case STREAM -> List.of(commands.xadd(key, length(), entry(row)));
      case LIST -> list(key, row, commands);
      case PUBLISH -> List.of(commands.publish(key, row.json()));
    };
  }

  private RedisFuture<?> set(byte[] key, Row row, RedisAsyncCommands<byte[], byte[]> commands) {
    Duration timeToLive = options.timeToLive();
    return timeToLive == null
        ? commands.set(key, row.json())
        : commands.psetex(key, timeToLive.toMillis(), row.json());
  }

  private List<RedisFuture<?>> hash(
      byte[] key, Row row, RedisAsyncCommands<byte[], byte[]> commands) {
    Map<byte[], byte[]> values = fields(row);
    List<RedisFuture<?>> answers = new ArrayList<>();
    if (values.size() < names.length) {
      answers.add(
          commands.hdel(
              key,
              IntStream.range(0, names.length)
                  .filter(i -> row.batch().column(i).isNull(row.row()))
                  .mapToObj(i -> names[i])
                  .toArray(byte[][]::new)));
    }
    if (!values.isEmpty()) {
      answers.add(commands.hset(key, values));
    }
    Duration timeToLive = options.timeToLive();
    if (timeToLive != null) {
      answers.add(commands.pexpire(key, timeToLive.toMillis()));
    }
    return answers;
  }

  private List<RedisFuture<?>> list(
      byte[] key, Row row, RedisAsyncCommands<byte[], byte[]> commands) {
    RedisFuture<?> added = commands.rpush(key, row.json());
    return options.maxLength() == 0
        ? List.of(added)
        : List.of(added, commands.ltrim(key, -options.maxLength(), -1));
  }

  private XAddArgs length() {
    XAddArgs arguments = new XAddArgs();
    return options.maxLength() == 0
        ? arguments
        : arguments.maxlen(options.maxLength()).approximateTrimming();
  }

  /** The fields that are not null: the library wants a map, and nobody looks anything up in it. */
  @SuppressWarnings("ArrayAsKeyOfSetOrMap")
  private Map<byte[], byte[]> fields(Row row) {
    Map<byte[], byte[]> values = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      Column column = row.batch().column(i);
      if (!column.isNull(row.row())) {
        values.put(names[i], utf8(texts.text(column, row.row())));
      }
    }
    return values;
  }

  /** With the kind of the row, where it is no insertion: a stream takes no entry without fields. */
  private Map<byte[], byte[]> entry(Row row) {
    Map<byte[], byte[]> values = fields(row);
    if (row.kind() != RowKind.INSERT || values.isEmpty()) {
      values.put(utf8(RowKinds.FIELD), utf8(row.kind().sign()));
    }
    return values;
  }

  /**
   * Waits for the answers; rows that are written or will never be do not wait any more.
   *
   * @return why some do, or null if none does
   */
  private @Nullable String settle(List<Sent> sent, int attempts) throws TimeoutException {
    long end = System.nanoTime() + options.address().timeout().toNanos();
    List<Row> later = new ArrayList<>();
    String reason = null;
    for (Sent one : sent) {
      String answer = null;
      for (RedisFuture<?> future : one.answers()) {
        String said = await(future, end);
        answer = answer == null ? said : answer;
      }
      if (answer == null) {
        continue;
      }
      if (RedisSinkErrors.isForNow(answer)) {
        later.add(one.row());
        reason = answer;
      } else {
        refused(one.row(), answer, attempts);
      }
    }
    pending.clear();
    later.forEach(this::add);
    return reason;
  }

  private void refused(Row row, String answer, int attempts) {
    if (RedisSinkErrors.isNoAccess(answer)) {
      throw RedisSinkErrors.refused(
          options.address(), answer, new RedisCommandExecutionException(answer));
    }
    failures.failed(row.batch(), row.row(), RedisSinkErrors.row(row.key(), answer), attempts);
  }

  /** What Redis says against a command, or null if it was carried out. */
  private static @Nullable String await(RedisFuture<?> future, long end) throws TimeoutException {
    try {
      future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisCommandExecutionException answer) {
        return String.valueOf(answer.getMessage());
      }
      throw e.getCause() instanceof RedisException broken
          ? broken
          : new RedisException(e.getCause());
    } catch (InterruptedException e) {
      throw Patience.interrupted(e);
    }
  }

  @Override
  public void flush() {
    send(0);
  }

  @Override
  public void close() {
    pending.clear();
    link.close();
  }
}
