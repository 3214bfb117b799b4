package io.fluxcore.adapters.out.redisstate;

import io.fluxcore.domain.error.FluxCoreException;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commands that are sent together, a batch at a time, of which one is under way while the next is
 * collected. Redis answers in the order of the commands, so the last one of a batch stands for all:
 * it asks whether the key that guards what is read and written is still there. Answers count when
 * {@link #end} has returned. Not thread-safe.
 */
final class Requests {
  private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;

  private final RedisLink link;
  private final byte @Nullable [] guard;
  private final Consumer<FluxCoreException> failed;
  private List<RedisCommand<byte[], byte[], ?>> collected = new ArrayList<>();
  private @Nullable Batch underWay;

  Requests(RedisLink link, byte @Nullable [] guard, Consumer<FluxCoreException> failed) {
    this.link = link;
    this.guard = guard;
    this.failed = failed;
  }

  /** Commands that were sent; the last one is waited for. */
  private record Batch(
      List<RedisCommand<byte[], byte[], ?>> commands, AsyncCommand<byte[], byte[], ?> last) {}

  /** Arguments that begin with a key. */
  static CommandArgs<byte[], byte[]> args(byte[] key) {
    return new CommandArgs<>(CODEC).addKey(key);
  }

  /** A command that answers with values, null where there is none. */
  Answer<List<byte[]>> values(CommandType type, CommandArgs<byte[], byte[]> args) {
    return add(type, new ValueListOutput<>(CODEC), args);
  }

  /** A command that answers with one value. */
  Answer<byte[]> value(CommandType type, CommandArgs<byte[], byte[]> args) {
    return add(type, new ValueOutput<>(CODEC), args);
  }

  /** A command that answers with a number. */
  Answer<Long> number(CommandType type, CommandArgs<byte[], byte[]> args) {
    return add(type, new IntegerOutput<>(CODEC), args);
  }

  /** A command that answers with a word. */
  Answer<String> word(CommandType type, CommandArgs<byte[], byte[]> args) {
    return add(type, new StatusOutput<>(CODEC), args);
  }

  /** A command that answers with what this output makes of it. */
  <T> Answer<T> add(
      CommandType type, CommandOutput<byte[], byte[], T> output, CommandArgs<byte[], byte[]> args) {
    Command<byte[], byte[], T> command = new Command<>(type, output, args);
    collected.add(command);
    if (collected.size() >= link.batchSize()) {
      send();
    }
    return new Answer<>(command);
  }

  /** What a command will have answered. */
  static final class Answer<T> {
    private final Command<byte[], byte[], T> command;

    private Answer(Command<byte[], byte[], T> command) {
      this.command = command;
    }

    /** The answer, which is there. */
    T get() {
      return Objects.requireNonNull(command.getOutput().get());
    }

    /** The answer, null where Redis says so. */
    @Nullable T orNull() {
      return command.getOutput().get();
    }
  }

  private void send() {
    AsyncCommand<byte[], byte[], ?> last =
        guard == null
            ? new AsyncCommand<>(new Command<>(CommandType.PING, new StatusOutput<>(CODEC)))
            : new AsyncCommand<>(
                new Command<>(CommandType.EXISTS, new IntegerOutput<>(CODEC), args(guard)));
    List<RedisCommand<byte[], byte[], ?>> commands = collected;
    collected = new ArrayList<>();
    commands.add(last);
    link.connection().dispatch(commands);
    Batch before = underWay;
    underWay = new Batch(commands, last);
    if (before != null) {
      await(before);
    }
  }

  /**
   * Sends what is left and waits until all has been answered.
   *
   * @throws FluxCoreException if Redis does not answer, says no to a command, or has lost the guard
   */
  void end() {
    if (!collected.isEmpty()) {
      send();
    }
    Batch batch = underWay;
    underWay = null;
    if (batch != null) {
      await(batch);
    }
  }

  /** As {@link #end}, and asks for the guard even if there is nothing else to ask. */
  void confirm() {
    send();
    end();
  }

  private void await(Batch batch) {
    try {
      answered(batch);
    } catch (FluxCoreException e) {
      failed.accept(e);
      throw e;
    }
  }

  private void answered(Batch batch) {
    Object answer;
    try {
      answer = batch.last().get(link.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw link.errors().unreachable("the job was ended while it waited for an answer", e);
    } catch (TimeoutException e) {
      link.close(); // an answer that comes later is nobody's
      throw link.errors().unreachable("no answer within " + link.timeout(), e);
    } catch (ExecutionException | CancellationException e) {
      throw broken(batch, e);
    }
    for (RedisCommand<byte[], byte[], ?> command : batch.commands()) {
      CommandOutput<byte[], byte[], ?> output = command.getOutput();
      if (output.hasError()) {
        throw link.errors().refused(output.getError());
      }
    }
    if (answer instanceof Long found && found == 0) {
      throw link.errors()
          .gone("the key of the process is not there: it expired, or keys were deleted");
    }
  }

  private FluxCoreException broken(Batch batch, Exception e) {
    Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    if (cause instanceof io.lettuce.core.RedisCommandExecutionException) {
      for (RedisCommand<byte[], byte[], ?> command : batch.commands()) {
        if (command.getOutput().hasError()) { // the first is the one to tell
          return link.errors().refused(command.getOutput().getError());
        }
      }
      return link.errors().refused(String.valueOf(cause.getMessage()));
    }
    link.close();
    return link.errors().unreachable("the connection broke: " + cause.getMessage(), cause);
  }
}
