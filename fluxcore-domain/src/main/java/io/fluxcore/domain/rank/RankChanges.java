package io.fluxcore.domain.rank;

import io.fluxcore.domain.changelog.ChangeRows;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.rank.RankedRows.Ranked;
import io.fluxcore.domain.row.EncodedRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has changed from the ranked rows of a key before to those after. */
final class RankChanges {
  private final ChangeRows changes;
  private final int first;
  private final boolean givesRanks;

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

  /** Takes back what is not there any more. */
  void retract(List<Ranked> before, List<Ranked> after, long time) {
    if (givesRanks) {
      for (int i = 0; i < before.size(); i++) {
        if (i >= after.size()) {
          ranked(RowKind.DELETE, before.get(i), i, time);
        } else if (!before.get(i).row().equals(after.get(i).row())) {
          ranked(RowKind.UPDATE_BEFORE, before.get(i), i, time);
        }
      }
    } else {
      emit(RowKind.DELETE, before, after, time);
    }
  }

  /** Gives what was not there before. */
  void add(List<Ranked> before, List<Ranked> after, long time) {
    if (givesRanks) {
      for (int i = 0; i < after.size(); i++) {
        if (i >= before.size()) {
          ranked(RowKind.INSERT, after.get(i), i, time);
        } else if (!before.get(i).row().equals(after.get(i).row())) {
          ranked(RowKind.UPDATE_AFTER, after.get(i), i, time);
        }
      }
    } else {
      emit(RowKind.INSERT, after, before, time);
    }
  }

  private void ranked(RowKind kind, Ranked ranked, int index, long time) {
    changes.extra(0).appendLong(first + index + 1L);
    changes.add(kind, ranked.row(), time);
  }

  /** The rows that are in one list and not in the other, as often as there are more of them. */
  private void emit(RowKind kind, List<Ranked> those, List<Ranked> others, long time) {
    Map<EncodedRow, Integer> left = new HashMap<>();
    others.forEach(other -> left.merge(other.row(), 1, Integer::sum));
    for (Ranked ranked : those) {
      Integer count = left.get(ranked.row());
      if (count == null || count == 0) {
        changes.add(kind, ranked.row(), time);
      } else {
        left.put(ranked.row(), count - 1);
      }
    }
  }
}
