package io.fluxcore.adapters.in.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.TransactionResult;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandKeyword;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A question that Redis has been asked, and its answer when that is there. Asked and looked at by
 * one thread.
 */
final class Exchange {
  private final @Nullable StreamProgress progress;
  private final @Nullable RedisFuture<List<Object>> info;
  private final @Nullable RedisFuture<List<Object>> entries;
  private final @Nullable CompletionStage<?> begin;
  private final CompletionStage<?> whole;
  private final long deadlineNanos;

  private Exchange(
      @Nullable StreamProgress progress,
      @Nullable CompletionStage<?> begin,
      @Nullable RedisFuture<List<Object>> info,
      @Nullable RedisFuture<List<Object>> entries,
      CompletionStage<?> whole,
      long waitNanos) {
    this.progress = progress;
    this.begin = begin;
    this.info = info;
    this.entries = entries;
    this.whole = whole;
    this.deadlineNanos = System.nanoTime() + waitNanos;
  }

  /** What there is of a stream. */
  static Exchange look(
      StreamProgress progress, RedisAsyncCommands<byte[], byte[]> commands, long waitNanos) {
    RedisFuture<List<Object>> info = commands.xinfoStream(progress.key);
    return new Exchange(progress, null, info, null, info, waitNanos);
  }

  /**
   * The next entries of a stream, and what there is of it at the same time: otherwise entries that
   * are trimmed between the two would not be missed.
   */
  static Exchange fetch(
      StreamProgress progress,
      int count,
      RedisAsyncCommands<byte[], byte[]> commands,
      long waitNanos) {
    RedisFuture<String> begin = commands.multi();
    RedisFuture<List<Object>> info = commands.xinfoStream(progress.key);
    // What the library makes of this answer within a transaction is wrong.
    RedisFuture<List<Object>> entries =
        commands.dispatch(
            CommandType.XREAD,
            new NestedMultiOutput<>(ByteArrayCodec.INSTANCE),
            new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add(CommandKeyword.COUNT)
                .add(count)
                .add("STREAMS")
                .addKey(progress.key)
                .add(progress.given().toString()));
    RedisFuture<TransactionResult> whole = commands.exec();
    return new Exchange(progress, begin, info, entries, whole, waitNanos);
  }

  /** Waits, at Redis, until one of the streams has more. */
  static Exchange await(
      List<StreamProgress> quiet,
      long blockMillis,
      RedisAsyncCommands<byte[], byte[]> commands,
      long waitNanos) {
    RedisFuture<?> answer =
        commands.xread(XReadArgs.Builder.block(blockMillis).count(1), offsets(quiet));
    return new Exchange(null, null, null, null, answer, waitNanos);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private static StreamOffset<byte[]>[] offsets(List<StreamProgress> streams) {
    List<StreamOffset<byte[]>> offsets = new ArrayList<>();
    for (StreamProgress stream : streams) {
      offsets.add(StreamOffset.from(stream.key, stream.given().toString()));
    }
    return offsets.toArray(new StreamOffset[0]);
  }

  /** Has something called when the answer is there, on any thread. */
  Exchange andThen(Runnable arrived) {
    whole.whenComplete((answer, error) -> arrived.run());
    return this;
  }

  boolean isDone() {
    return whole.toCompletableFuture().isDone();
  }

  boolean isLate() {
    return System.nanoTime() - deadlineNanos > 0;
  }

  StreamProgress progress() {
    if (progress == null) {
      throw new IllegalStateException("it was about no single stream");
    }
    return progress;
  }

  /** What went wrong, the first cause of it; null if nothing did. */
  @Nullable Throwable error() {
    Throwable found = begin == null ? null : error(begin);
    if (found != null) {
      return found;
    }
    found = info == null ? null : error(info);
    if (found != null && RedisSourceErrors.isNoStream(answer(found))) {
      found = null;
    }
    if (found == null && entries != null) {
      found = error(entries);
    }
    return found == null ? error(whole, info) : found;
  }

  private static String answer(Throwable error) {
    return String.valueOf(RedisSourceErrors.answer(error));
  }

  private static @Nullable Throwable error(
      CompletionStage<?> whole, @Nullable CompletionStage<?> info) {
    return whole == info ? null : error(whole);
  }

  private static @Nullable Throwable error(CompletionStage<?> stage) {
    if (!stage.toCompletableFuture().isDone()) {
      return null;
    }
    try {
      stage.toCompletableFuture().join();
      return null;
    } catch (CompletionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (RuntimeException e) {
      return e;
    }
  }

  /** What there is of the stream; {@link StreamInfo#NONE} if it is not there. */
  StreamInfo info() {
    if (info == null || error(info) != null || !info.toCompletableFuture().isDone()) {
      return StreamInfo.NONE;
    }
    return StreamInfo.of(info.toCompletableFuture().join());
  }

  /** Whether the stream is there. */
  boolean isThere() {
    return info != null && error(info) == null;
  }

  List<StreamEntry> entries() {
    return entries == null ? List.of() : StreamEntry.of(entries.toCompletableFuture().join());
  }
}
