package io.fluxcore.adapters.in.http;

import java.util.List;

/** Events that were published and not read yet. Any thread appends, one reads. */
interface Backlog extends AutoCloseable {
  /**
   * Takes events, all or none.
   *
   * @param micros when they came, microseconds since the epoch
   * @throws io.fluxcore.application.publish.PublishRefused if there is no room
   */
  void append(List<byte[]> events, long micros);

  /** Whether they are on the disk when {@link #append} returns. */
  boolean isDurable();

  /** Offset of the next event that {@link #read} gives. */
  long offset();

  /** Hands over events until no more are wanted; gives their number. */
  int read(Taker taker);

  /** Nothing before this offset is needed any more. */
  void release(long offset);

  @Override
  void close();

  /** Takes an event, which lies in an array that is used again. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes an event.
     *
     * @return whether another one is wanted
     */
    boolean take(long micros, byte[] bytes, int from, int to);
  }
}
