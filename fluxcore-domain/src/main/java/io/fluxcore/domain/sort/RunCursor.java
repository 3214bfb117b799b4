package io.fluxcore.domain.sort;

import io.fluxcore.domain.event.EventBatch;

/** How far the rows of a run have been emitted. */
final class RunCursor {
  final long namespace;
  final long hash;
  final EventBatch run;

  /** The next row; the number of rows when all have been emitted. */
  int next;

  RunCursor(long namespace, long hash, EventBatch run, int next) {
    this.namespace = namespace;
    this.hash = hash;
    this.run = run;
    this.next = next;
  }

  boolean isDone() {
    return next == run.size();
  }

  long time() {
    return run.timestamps()[next];
  }

  int left() {
    return run.size() - next;
  }

  /** The order of the next rows; rows of a key that are equal otherwise in that of arrival. */
  static int compare(RowOrder order, RunCursor a, RunCursor b) {
    int result = order.compare(a.run, a.next, b.run, b.next);
    return result != 0 ? result : Long.compareUnsigned(a.hash, b.hash);
  }
}
