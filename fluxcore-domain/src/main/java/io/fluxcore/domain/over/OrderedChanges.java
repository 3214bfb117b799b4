package io.fluxcore.domain.over;

import io.fluxcore.domain.changelog.ChangeRows;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.rank.RankedRow;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.RowCounts;
import java.util.ArrayList;
import java.util.List;

/**
 * What has changed from the results of the rows of keys before to those after: what is not so any
 * more is taken back at once, what is new is given when all keys of a batch have been compared. Not
 * thread-safe.
 */
final class OrderedChanges {
  private final ChangeRows rows;
  private final List<Change> added = new ArrayList<>();

  private record Change(RowKind kind, EncodedRow row) {}

  OrderedChanges(ChangeRows rows) {
    this.rows = rows;
  }

  /**
   * Takes back what is not so any more, and remembers what was not so before. Both are in order,
   * and rows that stay keep theirs, so that one walk finds those that do not stand in both.
   */
  void compare(byte[][] before, EncodedRow[] was, byte[][] after, EncodedRow[] is, long time) {
    List<Change> gone = new ArrayList<>();
    List<Change> fresh = new ArrayList<>();
    int b = 0;
    int a = 0;
    while (b < before.length || a < after.length) {
      if (b < before.length && a < after.length && before[b] == after[a]) {
        if (!was[b].equals(is[a])) {
          gone.add(new Change(RowKind.UPDATE_BEFORE, was[b]));
          fresh.add(new Change(RowKind.UPDATE_AFTER, is[a]));
        }
        b++;
        a++;
      } else if (a == after.length
          || (b < before.length && RankedRow.compare(before[b], after[a]) <= 0)) {
        gone.add(new Change(RowKind.DELETE, was[b++]));
      } else {
        fresh.add(new Change(RowKind.INSERT, is[a++]));
      }
    }
    if (!gone.isEmpty() && !fresh.isEmpty()) {
      cancel(gone, fresh);
    }
    gone.forEach(change -> rows.add(change.kind(), change.row(), time));
    added.addAll(fresh);
  }

  /** Leaves out rows that are gone and new, as often as they are both. */
  private static void cancel(List<Change> gone, List<Change> fresh) {
    RowCounts left = new RowCounts();
    gone.forEach(change -> left.add(change.row()));
    RowCounts both = new RowCounts();
    fresh.removeIf(change -> left.move(change.row(), both));
    gone.removeIf(change -> both.take(change.row()));
  }

  /** Gives what was not so before. */
  void giveAdded(long time) {
    added.forEach(change -> rows.add(change.kind(), change.row(), time));
    added.clear();
  }
}
