package io.fluxcore.adapters.in.backlog;

import java.util.List;

/** Messages that were pushed and not read yet. Any thread appends, one reads. */
public interface Backlog extends AutoCloseable {
  /**
   * Takes messages, all or none.
   *
   * @throws BacklogFull if there is no room now
   * @throws BacklogTooSmall if there is never room for so much
   * @throws io.fluxcore.domain.error.FluxCoreException if the disk fails
   */
  void append(List<Message> messages);

  /** Whether they are on the disk when {@link #append} returns. */
  boolean isDurable();

  /** Offset of the next message that {@link #read} gives. */
  long offset();

  /** Hands over messages until no more are wanted; gives their number. */
  int read(Taker taker);

  /** Nothing before this offset is needed any more. */
  void release(long offset);

  @Override
  void close();

  /** Takes a message, which lies in an array that is used again. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes a message.
     *
     * @return whether another one is wanted
     */
    boolean take(long micros, MessageProperties properties, byte[] bytes, int from, int to);
  }
}
