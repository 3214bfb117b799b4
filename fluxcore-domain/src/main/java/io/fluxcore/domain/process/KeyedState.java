package io.fluxcore.domain.process;

import io.fluxcore.domain.keyed.KeyChunk;
import io.fluxcore.domain.keyed.StateClock;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.KeyState;
import io.fluxcore.domain.state.StateSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A state of a function on one subtask. What user code changes is held beside until its call has
 * returned, and then applied, or dropped.
 */
abstract class KeyedState {
  static final int DEADLINE = 0;

  /** Whether an element is among those that will be looked at when their time is over. */
  static final int INDEXED = 1;

  final String name;
  final @Nullable TimeToLive life;
  final StateClock clock;
  final StateMeter meter;
  final LargestKeys largest;

  private @Nullable KeyChunk chunk;
  private int position;

  KeyedState(StateDescriptor<?> descriptor, @Nullable TimeToLive life, StateScope scope) {
    this.name = descriptor.name();
    this.life = life;
    this.clock = scope.clock();
    this.largest = scope.largest();
    this.meter = new StateMeter(name, descriptor.kind());
  }

  /** A call for a key begins. */
  final void begin(KeyChunk newChunk, int newPosition) {
    chunk = newChunk;
    position = newPosition;
    reset();
  }

  /** The call has ended. */
  final void end() {
    chunk = null;
  }

  final KeyChunk chunk() {
    if (chunk == null) {
      throw new IllegalStateException(
          "state '" + name + "' is used outside of a call of the function that got it");
    }
    return chunk;
  }

  final int position() {
    return position;
  }

  final boolean isRenewedByReads() {
    return life != null && life.renewal() == TimeToLive.Renewal.ON_READ_AND_WRITE;
  }

  final long newDeadline() {
    return life == null ? StateClock.NEVER : clock.deadline(life);
  }

  /** The deadline of what is used again: events do not come in the order of their times. */
  static long later(long before, long now) {
    return before == StateClock.NEVER ? now : Math.max(before, now);
  }

  final boolean isOver(long deadline) {
    return life != null && clock.isOver(deadline, life);
  }

  /** Forgets what is held beside. */
  abstract void reset();

  /** Applies what is held beside. */
  abstract void apply();

  /** Slots that were handed out become invalid. */
  abstract void endChunk();

  /** Removes elements whose time is over, between chunks. */
  abstract void expire(long budget);

  /** The state of the one key of a chunk, between chunks. */
  abstract KeyState read(KeyChunk key);

  @SuppressWarnings("unchecked")
  static StateSerializer<Object> erased(StateSerializer<?> serializer) {
    return (StateSerializer<Object>) serializer;
  }
}
