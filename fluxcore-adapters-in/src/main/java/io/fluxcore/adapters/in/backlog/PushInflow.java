package io.fluxcore.adapters.in.backlog;

import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.error.FluxCoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Events on their way from senders who are told nothing of what becomes of them. Who takes them
 * from outside waits while there is no room ({@link #put}), so that the way itself holds the sender
 * back, or lets them go ({@link #offer}). Any number of threads put.
 */
public final class PushInflow implements Inflow {
  private static final System.Logger LOG = System.getLogger(PushInflow.class.getName());
  private static final long MAX_BYTES = 8 << 20;
  private static final int MAX_EVENTS = 8_000;
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  private final String name;
  private final Backlog backlog;
  private final Runnable arrived;
  private final Intake<Integer> intake;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private volatile @Nullable FluxCoreException failure;

  // What follows is guarded by the lock.
  private long bytes;
  private int events;
  private long lost;
  private boolean refusing;
  private boolean closed;

  private PushInflow(String name, Backlog backlog, long maxBytesAtOnce, Runnable arrived) {
    this.name = name;
    this.backlog = backlog;
    this.arrived = arrived;
    this.intake =
        new Intake<>(name, backlog, maxBytesAtOnce, new RecentIds(0), arrived, this::stored);
  }

  static PushInflow start(String name, Backlog backlog, long maxBytesAtOnce, Runnable arrived) {
    PushInflow inflow = new PushInflow(name, backlog, maxBytesAtOnce, arrived);
    inflow.intake.start();
    return inflow;
  }

  /**
   * Takes an event; waits while there is no room.
   *
   * @return false if nothing is taken any more: the event is lost, and counted so
   */
  public boolean put(Message message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!refusing && !hasRoom(message)) {
        room.await();
      }
      return take(message);
    } finally {
      lock.unlock();
    }
  }

  /** Takes an event if there is room; whether there was. */
  public boolean offer(Message message) {
    lock.lock();
    try {
      return hasRoom(message) && take(message);
    } finally {
      lock.unlock();
    }
  }

  /** An event of any size is taken when nothing else is on its way. */
  private boolean hasRoom(Message message) {
    return events == 0 || (events < MAX_EVENTS && bytes + message.bytes().length <= MAX_BYTES);
  }

  private boolean take(Message message) {
    if (refusing) {
      lost++;
      return false;
    }
    bytes += message.bytes().length;
    events++;
    intake.offer(message, message.bytes().length);
    return true;
  }

  private void stored(List<Integer> sizes) {
    lock.lock();
    try {
      events -= sizes.size();
      for (int size : sizes) {
        bytes -= size;
      }
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more: who waits for room is told so. */
  public void refuse() {
    lock.lock();
    try {
      refusing = true;
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Something went wrong that never will go well, in a thread that takes events from outside. */
  public void fail(FluxCoreException why) {
    failure = why;
    arrived.run();
  }

  /** The same of what nobody expected. */
  public void fail(RuntimeException why) {
    fail(why instanceof FluxCoreException known ? known : Defect.of(name, why));
  }

  @Override
  public Backlog backlog() {
    return backlog;
  }

  @Override
  public SplitPosition position() {
    return BacklogPosition.ofOffset(backlog.offset());
  }

  @Override
  public int takeDuplicates() {
    return 0;
  }

  @Override
  public void check() {
    FluxCoreException why = failure;
    if (why != null) {
      throw why;
    }
    intake.check();
  }

  /**
   * Ends it when what was taken is stored, if there is room for it. Nothing more should be coming
   * by then.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    refuse();
    int unstored = intake.drain(CLOSE_PATIENCE);
    intake.close();
    backlog.close();
    tell(unstored);
  }

  private void tell(int unstored) {
    lock.lock();
    try {
      if (lost + unstored > 0) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}: {1} events had come, and there was no room for them when the source was closed;"
                + " they are lost",
            name,
            lost + unstored);
      }
    } finally {
      lock.unlock();
    }
  }
}
