package io.fluxcore.domain.join;

import io.fluxcore.domain.rank.RankedRow;
import io.fluxcore.domain.rank.RankedRows;
import org.jspecify.annotations.Nullable;

/**
 * What a change of the right rows of a key does to the left ones: walks over those whose closest
 * row is another than it was. Not thread-safe.
 *
 * <p>Right rows that stayed divide those that came or went into runs; a run is seen only by the
 * left rows between the rows that stayed around it.
 */
final class AsOfRevision {
  private final ClosestRow closest;
  private final RankedRows lefts;
  private final byte[][] before;
  private final byte[][] after;

  /** What has been looked at of the right rows. */
  private int nextBefore;

  private int nextAfter;

  /** Left rows that are to be looked at. */
  private int next;

  private int end;

  private int left;
  private byte @Nullable [] was;
  private byte @Nullable [] is;

  /**
   * A walk.
   *
   * @param before the right rows of the key as they were, in their order
   * @param after the right rows as they are, of which those that stayed are the same arrays
   */
  AsOfRevision(ClosestRow closest, RankedRows lefts, byte[][] before, byte[][] after) {
    this.closest = closest;
    this.lefts = lefts;
    this.before = before;
    this.after = after;
  }

  /** Goes on to the next left row whose closest row has changed; false if there is none. */
  boolean advance() {
    while (true) {
      while (next < end) {
        left = next++;
        was = closest(before);
        is = closest(after);
        if (was != is && (was == null || is == null || !RankedRow.isSame(was, is))) {
          return true;
        }
      }
      if (!findRun()) {
        return false;
      }
    }
  }

  private byte @Nullable [] closest(byte[][] rights) {
    int index = closest.of(lefts.get(left), rights.length, i -> rights[i]);
    return index == ClosestRow.NONE ? null : rights[index];
  }

  /** Finds the next right rows that came or went, and the left rows that see them. */
  private boolean findRun() {
    while (stays()) {
      nextBefore++;
      nextAfter++;
    }
    if (nextBefore == before.length && nextAfter == after.length) {
      return false;
    }
    byte[] ahead = nextBefore == 0 ? null : before[nextBefore - 1];
    byte[] first = smaller();
    byte[] last = first;
    while (!stays() && (nextBefore < before.length || nextAfter < after.length)) {
      last = smaller();
      if (nextBefore < before.length && before[nextBefore] == last) {
        nextBefore++;
      } else {
        nextAfter++;
      }
    }
    byte[] behind = nextBefore == before.length ? null : before[nextBefore];
    if (closest.isBackward()) {
      next = closest.border(lefts, first);
      end = behind == null ? lefts.size() : closest.border(lefts, behind);
    } else {
      next = ahead == null ? 0 : closest.border(lefts, ahead);
      end = closest.border(lefts, last);
    }
    return true;
  }

  private boolean stays() {
    return nextBefore < before.length
        && nextAfter < after.length
        && before[nextBefore] == after[nextAfter];
  }

  /** The first in the order of the next row that went and the next one that came. */
  private byte[] smaller() {
    boolean isBefore =
        nextAfter == after.length
            || (nextBefore < before.length
                && RankedRow.compare(before[nextBefore], after[nextAfter]) <= 0);
    return isBefore ? before[nextBefore] : after[nextAfter];
  }

  /** The left row. */
  byte[] left() {
    return lefts.get(left);
  }

  /** The right row that was closest to it, or null. */
  byte @Nullable [] was() {
    return was;
  }

  /** The right row that is closest to it, or null. */
  byte @Nullable [] is() {
    return is;
  }
}
