package io.fluxcore.infrastructure.embedded.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where one thread waits for a condition that others make true: spins briefly, then parks. Whoever
 * makes the condition true, by a volatile write, calls {@link #wake()} afterwards, which costs one
 * volatile read while nobody waits.
 */
public final class Signal {
  /** About two microseconds: less than parking costs, too little to hurt on a busy machine. */
  private static final int SPINS = 50;

  private static final VarHandle WAITER;

  static {
    try {
      WAITER = MethodHandles.lookup().findVarHandle(Signal.class, "waiter", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile @Nullable Thread waiter;

  /** Has the waiting thread, if there is one, look at its condition. Thread-safe. */
  public void wake() {
    Thread thread = waiter;
    if (thread != null && WAITER.compareAndSet(this, thread, null)) {
      LockSupport.unpark(thread);
    }
  }

  /**
   * Returns when the condition holds or the time is over, perhaps sooner. Clears and swallows an
   * interrupt: a reason to stop is part of the condition.
   */
  public void await(BooleanSupplier condition, long nanos) {
    for (int i = 0; i < SPINS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.onSpinWait();
    }
    waiter = Thread.currentThread();
    try {
      if (!condition.getAsBoolean()) {
        LockSupport.parkNanos(this, nanos);
      }
    } finally {
      waiter = null;
      Thread.interrupted();
    }
  }
}
