package io.fluxcore.adapters.in.backlog;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import java.util.ArrayDeque;
import java.util.List;

/** Messages in memory: gone with the process. */
public final class MemoryBacklog implements Backlog {
  private final String name;
  private final long maxBytes;
  private final long maxMessages;
  private final ArrayDeque<Message> messages = new ArrayDeque<>();
  private long bytes;
  private long offset;

  /**
   * An empty one.
   *
   * @param name for messages to people: {@code stream 'orders'}
   * @param maxBytes of memory that messages may take
   */
  public MemoryBacklog(String name, long maxBytes, long maxMessages) {
    this.name = name;
    this.maxBytes = maxBytes;
    this.maxMessages = maxMessages;
  }

  @Override
  public synchronized void append(List<Message> more) {
    long moreBytes = more.stream().mapToLong(Message::memoryBytes).sum();
    if (moreBytes > maxBytes || more.size() > maxMessages) {
      throw new BacklogTooSmall(name, more.size(), moreBytes, maxMessages, maxBytes);
    }
    if (bytes + moreBytes > maxBytes || messages.size() + more.size() > maxMessages) {
      throw new BacklogFull(
          Diagnostic.error(
              "FLX-BACKLOG-0001",
              Place.of(name),
              name
                  + " has no room for "
                  + more.size()
                  + " more messages: "
                  + messages.size()
                  + " wait for its job",
              "try again a little later; if it lasts, the job is slower than those who send"),
          null);
    }
    messages.addAll(more);
    bytes += moreBytes;
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public synchronized long offset() {
    return offset;
  }

  @Override
  public synchronized int read(Taker taker) {
    int taken = 0;
    boolean wanted = true;
    while (wanted) {
      Message next = messages.poll();
      if (next == null) {
        break;
      }
      bytes -= next.memoryBytes();
      taken++;
      wanted = taker.take(next.micros(), next.properties(), next.bytes(), 0, next.bytes().length);
    }
    offset += taken;
    return taken;
  }

  @Override
  public void release(long upTo) {}

  /** What was not read stays for the job's next attempt. */
  @Override
  public void close() {}
}
