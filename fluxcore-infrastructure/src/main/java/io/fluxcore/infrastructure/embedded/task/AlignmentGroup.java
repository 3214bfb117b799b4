package io.fluxcore.infrastructure.embedded.task;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How far the source tasks of an alignment group are: each tells the watermark of its slowest
 * partition and asks for the smallest of all. Before a task has told anything it holds the others
 * back, so that none runs ahead of one that is still being opened. Thread-safe, without locks: a
 * task that is held back is woken when the others have come far enough.
 */
final class AlignmentGroup {
  private final List<Member> members = new CopyOnWriteArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** One task's place in the group, used by that task's thread. */
  final class Member {
    private final Runnable wake;
    private volatile long told = Long.MIN_VALUE;

    /** What the slowest must reach for this one to go on; MAX_VALUE while it does not wait. */
    private volatile long awaited = Long.MAX_VALUE;

    private Member(Runnable wake) {
      this.wake = wake;
    }

    /** This task's slowest partition is here; {@link Long#MAX_VALUE}: it holds nobody back. */
    void tell(long slowest) {
      if (slowest != told) {
        told = slowest;
        if (waiting.get() > 0) {
          wakeThose(this);
        }
      }
    }

    /** The task waits for the slowest to come so far; {@link Long#MAX_VALUE}: for nothing. */
    void await(long slowest) {
      if ((slowest == Long.MAX_VALUE) != (awaited == Long.MAX_VALUE)) {
        waiting.addAndGet(slowest == Long.MAX_VALUE ? -1 : 1);
      }
      awaited = slowest;
    }

    /** Whether the slowest has come as far as this task waits for. */
    boolean mayGoOn() {
      return slowest() >= awaited;
    }
  }

  /**
   * Takes a task in. All are taken in before the first of them starts.
   *
   * @param wake has the task look whether it may go on; called by the threads of others
   */
  Member join(Runnable wake) {
    Member member = new Member(wake);
    members.add(member);
    return member;
  }

  /** The smallest of what all have told. */
  long slowest() {
    long slowest = Long.MAX_VALUE;
    for (Member member : members) {
      slowest = Math.min(slowest, member.told);
    }
    return slowest;
  }

  private void wakeThose(Member teller) {
    long slowest = slowest();
    for (Member member : members) {
      if (member != teller && member.awaited <= slowest && member.awaited != Long.MAX_VALUE) {
        member.wake.run();
      }
    }
  }
}
