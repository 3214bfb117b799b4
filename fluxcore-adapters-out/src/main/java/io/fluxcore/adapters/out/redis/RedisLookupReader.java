package io.fluxcore.adapters.out.redis;

import io.fluxcore.adapters.out.lookup.FoundRows;
import io.fluxcore.adapters.out.lookup.KeyNames;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.join.Found;
import io.fluxcore.domain.join.LookupReader;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks Redis, for all keys of a call in one pipeline. All calls share a connection, which is given
 * up when one of them gets no answer in time.
 */
final class RedisLookupReader implements LookupReader {
  private static final String ANSWER = "FLX-LOOKUP-0102";

  /** More keys than this make Redis, which answers one after the other, wait for us. */
  private static final int LARGEST_BATCH = 1_000;

  private final RedisAddress address;
  private final KeyNames names;
  private final boolean isHash;
  private final FoundRows rows;
  private final Object lock = new Object();
  private @Nullable RedisLink link;
  private boolean isClosed;

  RedisLookupReader(RedisAddress address, KeyNames names, boolean isHash, FoundRows rows) {
    this.address = address;
    this.names = names;
    this.isHash = isHash;
    this.rows = rows;
  }

  @Override
  public int largestBatch() {
    return LARGEST_BATCH;
  }

  @Override
  public List<Found> ask(List<List<Object>> keys) throws Exception {
    List<byte[]> wanted =
        names.of(keys).stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList();
    long end = System.nanoTime() + address.timeout().toNanos();
    StatefulRedisConnection<byte[], byte[]> connection = connection();
    try {
      List<RedisFuture<?>> asked = new ArrayList<>(wanted.size());
      RedisAsyncCommands<byte[], byte[]> commands = connection.async();
      wanted.forEach(key -> asked.add(isHash ? commands.hgetall(key) : commands.get(key)));
      connection.flushCommands();
      List<Found> found = new ArrayList<>(asked.size());
      for (RedisFuture<?> one : asked) {
        found.add(answer(one, end));
      }
      return found;
    } catch (InterruptedException | TimeoutException | RedisException e) {
      drop(connection);
      throw e;
    }
  }

  private StatefulRedisConnection<byte[], byte[]> connection() {
    synchronized (lock) {
      if (isClosed) {
        throw new RedisException("the lookup is closed");
      }
      RedisLink current = link;
      if (current == null) {
        current = new RedisLink(address);
        link = current;
      }
      return current.connection();
    }
  }

  /** Others that wait for the same connection fail with it, and are asked again. */
  private void drop(StatefulRedisConnection<byte[], byte[]> broken) {
    synchronized (lock) {
      RedisLink current = link;
      if (current != null && current.isConnectedBy(broken)) {
        current.drop();
      }
    }
  }

  private Found answer(RedisFuture<?> asked, long end) throws Exception {
    try {
      Object answer =
          asked.toCompletableFuture().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      return found(answer);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RedisCommandExecutionException refused) {
        String reason = String.valueOf(refused.getMessage());
        if (RedisSinkErrors.isNoAccess(reason)) {
          throw RedisSinkErrors.refused(address, reason, refused);
        }
        if (!RedisSinkErrors.isForNow(reason)) { // such as a key that holds something else
          return Found.failed(new RecordException(ANSWER, "Redis answers: " + reason, refused));
        }
      }
      throw e.getCause() instanceof RedisException cause ? cause : new RedisException(e);
    }
  }

  private Found found(@Nullable Object answer) {
    if (answer == null) {
      return Found.ABSENT;
    }
    if (answer instanceof Map<?, ?> hash) {
      Map<String, String> texts = new HashMap<>();
      hash.forEach((name, value) -> texts.put(text(name), text(value)));
      return texts.isEmpty() ? Found.ABSENT : rows.ofTexts(texts);
    }
    return rows.ofJson(text(answer), List.of());
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    synchronized (lock) {
      isClosed = true;
      RedisLink current = link;
      link = null;
      if (current != null) {
        current.close();
      }
    }
  }
}
