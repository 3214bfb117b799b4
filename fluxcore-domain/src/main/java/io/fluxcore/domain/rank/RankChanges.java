package io.fluxcore.domain.rank;

import io.fluxcore.domain.changelog.ChangeRows;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.row.RowCounts;
import java.util.ArrayList;
import java.util.List;

/**
 * What has changed from the ranked rows of keys before to those after: what is not there any more
 * is taken back at once, what is new is given when all keys of a batch have been compared. Not
 * thread-safe.
 */
final class RankChanges {
  /** Comparisons of rows up to which an index is not worth making. */
  private static final long FEW = 256;

  private final ChangeRows changes;
  private final int first;
  private final boolean givesRanks;
  private final List<byte[]> gone = new ArrayList<>();
  private final List<Appearance> added = new ArrayList<>();

  /** A row that is to be given. */
  private record Appearance(RowKind kind, byte[] ranked, int index) {}

  /**
   * Changes of ranks.
   *
   * @param changes takes them
   * @param first index of the first row that is compared, among all of its key
   * @param givesRanks whether a row's rank is a field of it
   */
  RankChanges(ChangeRows changes, int first, boolean givesRanks) {
    this.changes = changes;
    this.first = first;
    this.givesRanks = givesRanks;
  }

  /** Gives the rows of a key of which none was there before. */
  void appear(byte[][] rows, long time) {
    for (int i = 0; i < rows.length; i++) {
      give(RowKind.INSERT, rows[i], i, time);
    }
  }

  /** Takes back what is not there any more, and remembers what was not there before. */
  void compare(byte[][] before, byte[][] after, long time) {
    if (givesRanks) {
      compareRanks(before, after, time);
    } else {
      compareRows(before, after, time);
    }
  }

  /** Gives what was not there before. */
  void giveAdded(long time) {
    for (Appearance one : added) {
      give(one.kind(), one.ranked(), one.index(), time);
    }
    added.clear();
  }

  private void give(RowKind kind, byte[] ranked, int index, long time) {
    if (givesRanks) {
      changes.extra(0).appendLong(first + index + 1L);
    }
    changes.add(kind, ranked, RankedRow.row(ranked), time);
  }

  private void compareRanks(byte[][] before, byte[][] after, long time) {
    for (int i = 0; i < before.length; i++) {
      if (i >= after.length) {
        give(RowKind.DELETE, before[i], i, time);
      } else if (!RankedRow.isSame(before[i], after[i])) {
        give(RowKind.UPDATE_BEFORE, before[i], i, time);
        added.add(new Appearance(RowKind.UPDATE_AFTER, after[i], i));
      }
    }
    for (int i = before.length; i < after.length; i++) {
      added.add(new Appearance(RowKind.INSERT, after[i], i));
    }
  }

  /**
   * Both are in order, and rows that stay keep theirs, so that one walk finds those that do not
   * stand in both. Of rows of one place it may take one to be gone and new that has only moved; as
   * it does one that was taken back and came again.
   */
  private void compareRows(byte[][] before, byte[][] after, long time) {
    int old = added.size();
    int b = 0;
    int a = 0;
    while (b < before.length && a < after.length) {
      if (before[b] == after[a]) {
        b++;
        a++;
      } else if (RankedRow.compare(before[b], after[a]) <= 0) {
        gone.add(before[b++]);
      } else {
        appears(after[a++]);
      }
    }
    while (b < before.length) {
      gone.add(before[b++]);
    }
    while (a < after.length) {
      appears(after[a++]);
    }
    if (!gone.isEmpty()) {
      cancel(added.subList(old, added.size()));
      for (byte[] ranked : gone) {
        give(RowKind.DELETE, ranked, 0, time);
      }
      gone.clear();
    }
  }

  private void appears(byte[] ranked) {
    added.add(new Appearance(RowKind.INSERT, ranked, 0));
  }

  /** Leaves out rows that are gone and new, as often as they are both. */
  private void cancel(List<Appearance> fresh) {
    if ((long) gone.size() * fresh.size() <= FEW) {
      gone.removeIf(ranked -> removeSame(fresh, ranked));
      return;
    }
    RowCounts left = new RowCounts();
    gone.forEach(ranked -> left.add(RankedRow.encoded(ranked)));
    RowCounts both = new RowCounts();
    fresh.removeIf(one -> left.move(RankedRow.encoded(one.ranked()), both));
    gone.removeIf(ranked -> both.take(RankedRow.encoded(ranked)));
  }

  private static boolean removeSame(List<Appearance> fresh, byte[] ranked) {
    for (int i = 0; i < fresh.size(); i++) {
      if (RankedRow.isSame(fresh.get(i).ranked(), ranked)) {
        fresh.remove(i);
        return true;
      }
    }
    return false;
  }
}
