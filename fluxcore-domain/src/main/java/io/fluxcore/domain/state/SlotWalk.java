package io.fluxcore.domain.state;

/**
 * A walk over all keys of a table, block by block, of which no more than a part is in memory. While
 * it is under way nothing else is resolved, found or loaded in the table. Not thread-safe.
 */
public final class SlotWalk {
  private final SlotTable table;
  private final int parts;
  private int part;
  private int next;
  private int end;

  /** A walk from the beginning. */
  public SlotWalk(SlotTable table) {
    this.table = table;
    this.parts = table.parts();
    this.end = table.load(0, parts);
  }

  /**
   * The next live slots, as many as the block takes. They are valid until the next call.
   *
   * @return how many; 0 when there are no more
   */
  public int next(int[] block) {
    int count = 0;
    while (count == 0 && !isDone()) {
      if (next == end) {
        part++;
        next = 0;
        end = table.load(part, parts);
      }
      while (next < end && count < block.length) {
        if (table.isLive(next)) {
          block[count++] = next;
        }
        next++;
      }
    }
    return count;
  }

  /** Whether there are no more slots; some may not be live when this denies. */
  public boolean isDone() {
    return next == end && part == parts - 1;
  }
}
