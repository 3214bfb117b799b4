package io.fluxcore.infrastructure.embedded.channel;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A ring of elements from one sending to one receiving thread. Bounded by bytes: rows wait while
 * {@link #hasRoom()} is false, so that at most one batch exceeds the bound. Control elements do not
 * count, but the ring has a last slot for them too.
 *
 * <p>Senders wait on the {@code sender} signal for room, receivers on the {@code receiver} signal
 * for elements. Counters may be read by any thread.
 */
public final class Channel {
  /** Slots for rows and as many again, which rows leave to control elements. */
  private static final int SLOTS = 512;

  private static final int ROW_SLOTS = SLOTS / 2;

  private final long capacityBytes;
  private final Signal sender;
  private final Signal receiver;
  private final AtomicReferenceArray<@Nullable Element> slots = new AtomicReferenceArray<>(SLOTS);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong sentBytes = new AtomicLong();
  private final AtomicLong takenBytes = new AtomicLong();
  private final AtomicLong sentRows = new AtomicLong();
  private final AtomicLong takenRows = new AtomicLong();
  private final AtomicLong announcedBarriers = new AtomicLong();
  private long takenBarriers;

  public Channel(long capacityBytes, Signal sender, Signal receiver) {
    this.capacityBytes = capacityBytes;
    this.sender = sender;
    this.receiver = receiver;
  }

  /** Whether rows may be sent now. Called by the sender. */
  public boolean hasRoom() {
    return sent.getPlain() - taken.get() < ROW_SLOTS
        && sentBytes.getPlain() - takenBytes.get() < capacityBytes;
  }

  /** Whether a control element may be sent now. Called by the sender. */
  public boolean hasSlot() {
    return sent.getPlain() - taken.get() < SLOTS;
  }

  /**
   * Sends an element if there is a slot for it: always after {@link #hasRoom()}. Called by the
   * sender.
   */
  public boolean offer(Element element) {
    long at = sent.getPlain();
    if (!hasSlot()) {
      return false;
    }
    if (element instanceof Element.Rows rows) {
      sentBytes.setPlain(sentBytes.getPlain() + rows.bytes());
      sentRows.lazySet(sentRows.getPlain() + rows.batch().size());
    }
    slots.setPlain((int) at & (SLOTS - 1), element);
    sent.set(at + 1); // volatile: visible before the receiver is asked whether it waits
    receiver.wake();
    return true;
  }

  /** The next element, or null if there is none now. Called by the receiver. */
  public @Nullable Element poll() {
    long at = taken.getPlain();
    if (at == sent.get()) {
      return null;
    }
    int slot = (int) at & (SLOTS - 1);
    Element element = slots.getPlain(slot);
    slots.setPlain(slot, null);
    if (element instanceof Element.Rows rows) {
      takenBytes.setPlain(takenBytes.getPlain() + rows.bytes());
      takenRows.lazySet(takenRows.getPlain() + rows.batch().size());
    } else if (element instanceof Element.Barrier) {
      takenBarriers++;
    }
    taken.set(at + 1);
    sender.wake();
    return element;
  }

  public boolean isEmpty() {
    return taken.get() == sent.get();
  }

  /** A barrier follows, behind rows that may have to wait for room. Called by the sender. */
  public void announceBarrier() {
    announcedBarriers.incrementAndGet();
    receiver.wake();
  }

  /** Whether a barrier is under way, or has been announced. Called by the receiver. */
  public boolean hasBarrier() {
    return announcedBarriers.get() > takenBarriers;
  }

  /** Rows sent so far. */
  public long sentRows() {
    return sentRows.get();
  }

  /** Rows received so far; {@link #sentRows()} less this is in flight. */
  public long takenRows() {
    return takenRows.get();
  }

  /** Bytes in flight, about. */
  public long bytesInFlight() {
    return Math.max(0, sentBytes.get() - takenBytes.get());
  }
}
