package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.SplitPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Messages that their broker keeps until they are acknowledged, which is when a checkpoint holds
 * what came of them. The broker gives them again when a connection or the process ends before. Then
 * those that were read are known by their ids, which are a part of the position: an id stays in it
 * until the broker has confirmed the acknowledgement, so that no checkpoint is without an id that
 * may come again. A message without an id may be read twice.
 *
 * <p>Thread-safe.
 *
 * @param <A> by what a message is acknowledged
 */
final class Unacknowledged<A> implements Backlog {
  private final MessageInflow.Acknowledger<A> acknowledger;
  private final int doubtfulFor;
  private final ArrayDeque<Entry<A>> unread = new ArrayDeque<>();
  private final ArrayDeque<Entry<A>> read = new ArrayDeque<>();
  private final Map<String, Entry<A>> byId = new HashMap<>();

  /** Of messages that were read, by this process or the one whose checkpoint it goes on from. */
  private final Set<String> mayComeAgain = new LinkedHashSet<>();

  /** Those of them of which the broker may know, and which then never come. */
  private final Set<String> doubtful = new LinkedHashSet<>();

  private long confirmed;
  private long offset;
  private int duplicates;

  private static final class Entry<A> {
    final Message message;
    final List<A> acknowledgements = new ArrayList<>(1);
    long offset;

    Entry(Message message, A acknowledgement) {
      this.message = message;
      acknowledgements.add(acknowledgement);
    }

    @Nullable String id() {
      return message.properties().id();
    }
  }

  /**
   * No messages yet.
   *
   * @param read ids of a checkpoint's position
   * @param doubtfulFor after how many confirmed messages the broker would have given again all that
   *     it does not know to be acknowledged
   */
  Unacknowledged(
      Collection<String> read, int doubtfulFor, MessageInflow.Acknowledger<A> acknowledger) {
    this.acknowledger = acknowledger;
    this.doubtfulFor = doubtfulFor;
    this.doubtful.addAll(read);
    this.mayComeAgain.addAll(read);
  }

  /** A message has come; whether it is a new one. */
  synchronized boolean offer(Message message, A acknowledgement) {
    String id = message.properties().id();
    if (id != null) {
      Entry<A> known = byId.get(id);
      if (known != null) {
        known.acknowledgements.add(acknowledgement);
        duplicates++;
        return false;
      }
      if (mayComeAgain.contains(id)) {
        duplicates++;
        acknowledger.acknowledge(
            List.of(acknowledgement),
            sure -> confirmed(List.of(new Entry<>(message, acknowledgement)), sure));
        return false;
      }
    }
    Entry<A> entry = new Entry<>(message, acknowledgement);
    unread.add(entry);
    if (id != null) {
      byId.put(id, entry);
    }
    return true;
  }

  /** The connection has ended: what was not read will come again. */
  synchronized void forget() {
    for (Entry<A> entry : unread) {
      String id = entry.id();
      if (id != null) {
        byId.remove(id);
      }
    }
    unread.clear();
    for (String id : mayComeAgain) {
      if (!byId.containsKey(id)) {
        doubtful.add(id);
        confirmed = 0;
      }
    }
  }

  /** Messages that the broker keeps for a checkpoint that has not been completed. */
  synchronized int readOnes() {
    return read.size();
  }

  synchronized int takeDuplicates() {
    int taken = duplicates;
    duplicates = 0;
    return taken;
  }

  synchronized SplitPosition position() {
    return BacklogPosition.ofRead(mayComeAgain);
  }

  @Override
  public void append(List<Message> messages) {
    throw new UnsupportedOperationException("they come with their acknowledgements");
  }

  /** They are so at the broker. */
  @Override
  public boolean isDurable() {
    return true;
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
      Entry<A> next = unread.poll();
      if (next == null) {
        break;
      }
      next.offset = offset++;
      read.add(next);
      String id = next.id();
      if (id != null) {
        mayComeAgain.add(id);
      }
      taken++;
      Message message = next.message;
      wanted =
          taker.take(
              message.micros(), message.properties(), message.bytes(), 0, message.bytes().length);
    }
    return taken;
  }

  @Override
  public void release(long upTo) {
    List<Entry<A>> released = new ArrayList<>();
    synchronized (this) {
      for (Entry<A> next = read.peek(); next != null && next.offset < upTo; next = read.peek()) {
        released.add(read.remove());
        String id = next.id();
        if (id != null) {
          byId.remove(id);
        }
      }
    }
    if (!released.isEmpty()) {
      List<A> acknowledgements = new ArrayList<>();
      released.forEach(entry -> acknowledgements.addAll(entry.acknowledgements));
      acknowledger.acknowledge(acknowledgements, known -> confirmed(released, known));
    }
  }

  private synchronized void confirmed(List<Entry<A>> entries, Predicate<A> known) {
    for (Entry<A> entry : entries) {
      if (entry.acknowledgements.stream().anyMatch(known)) {
        confirmed++;
        String id = entry.id();
        if (id != null) {
          mayComeAgain.remove(id);
          doubtful.remove(id);
        }
      }
    }
    if (confirmed >= doubtfulFor) {
      doubtful.forEach(mayComeAgain::remove);
      doubtful.clear();
    }
  }

  @Override
  public void close() {}
}
