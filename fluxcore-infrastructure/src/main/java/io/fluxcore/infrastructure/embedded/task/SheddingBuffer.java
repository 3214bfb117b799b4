package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.shedding.LoadShedder;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a source has read while nothing took its rows: rows in the order of reading, up to so many,
 * and between them the ends of splits and the beginnings of checkpoints. What is in it is not part
 * of a checkpoint: positions are those of the rows that have been taken out, and what the ledger
 * counts for the others is told by {@link #untaken()}, so that after a restore they are read, and
 * counted, again. Rows that were shed are passed as soon as nothing of their split is held before
 * them. For one thread.
 */
final class SheddingBuffer {
  private final LoadShedder shedder;
  private final Ledger ledger;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Deque<HeldRows> passed = new ArrayDeque<>();
  private int size;
  private int ends;
  private long ranked;

  /** What waits. */
  sealed interface Entry {}

  /** Rows to be given on. */
  record Rows(HeldRows held) implements Entry {}

  /** A split has ended. */
  record End(String split) implements Entry {}

  /** The reader was told that a checkpoint begins. */
  record Mark(long checkpointId) implements Entry {}

  /**
   * An empty buffer.
   *
   * @param ledger of the source, which has counted what is added
   */
  SheddingBuffer(LoadShedder shedder, Ledger ledger) {
    this.shedder = shedder;
    this.ledger = ledger;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Rows held. */
  int size() {
    return size;
  }

  /** Ends of splits that wait. */
  int ends() {
    return ends;
  }

  /**
   * Holds rows, and sheds what is too much.
   *
   * @param counts what the ledger has counted for them
   */
  void add(Poll.Rows rows, Ledger.Counts counts) {
    HeldRows held = new HeldRows(rows, shedder.ranks(rows.batch(), ranked), counts);
    ranked += held.size();
    size += held.size();
    entries.add(new Rows(held));
    if (size > shedder.settings().maxRows()) {
      shed(size - shedder.settings().maxRows());
    }
    if (held.size() == 0) {
      pass();
    }
  }

  void addEnd(String split) {
    entries.add(new End(split));
    ends++;
  }

  void addMark(long checkpointId) {
    entries.add(new Mark(checkpointId));
  }

  private void shed(int excess) {
    long[] ranks = new long[size];
    int at = 0;
    for (Entry entry : entries) {
      if (entry instanceof Rows rows) {
        System.arraycopy(rows.held().ranks(), 0, ranks, at, rows.held().size());
        at += rows.held().size();
      }
    }
    BitSet chosen = shedder.choose(ranks, excess);
    boolean emptied = false;
    at = 0;
    for (Entry entry : entries) {
      if (entry instanceof Rows rows) {
        int before = rows.held().size();
        int gone = chosen.get(at, at + before).cardinality();
        if (gone > 0) {
          rows.held().shed(chosen, at, dropped(gone));
          emptied |= gone == before;
        }
        at += before;
      }
    }
    size -= excess;
    ledger.dropped(shedder.settings().policy(), excess);
    if (emptied) {
      pass();
    }
  }

  private Ledger.Counts dropped(int rows) {
    Ledger.Dropped dropped =
        switch (shedder.settings().policy()) {
          case OLDEST -> new Ledger.Dropped(rows, 0, 0);
          case LOWEST_PRIORITY -> new Ledger.Dropped(0, rows, 0);
          case SAMPLE -> new Ledger.Dropped(0, 0, rows);
        };
    return new Ledger.Counts(0, 0, 0, 0, 0, 0, dropped, 0, 0, 0);
  }

  /** Lets go of what has no rows left: no more is held than rows. */
  private void pass() {
    Map<String, HeldRows> last = new HashMap<>();
    for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
      if (all.next() instanceof Rows rows) {
        HeldRows held = rows.held();
        HeldRows before = last.get(held.split);
        if (held.size() > 0) {
          last.put(held.split, held);
        } else {
          all.remove();
          if (before == null) {
            passed.add(held);
          } else {
            before.absorb(held);
          }
        }
      }
    }
  }

  /** The next of what was passed without rows, whose position counts now; null when none is. */
  @Nullable HeldRows takePassed() {
    return passed.poll();
  }

  /** Takes out what came first, or null. */
  @Nullable Entry take() {
    Entry first = entries.poll();
    if (first instanceof Rows rows) {
      size -= rows.held().size();
    } else if (first instanceof End) {
      ends--;
    }
    return first;
  }

  /** Takes out what came first if it is no rows. */
  @Nullable Entry takeSign() {
    return entries.peek() instanceof Rows ? null : take();
  }

  /** What the ledger has counted for what has not been taken out. */
  Ledger.Counts untaken() {
    Ledger.Counts sum = Ledger.Counts.ZERO;
    for (Entry entry : entries) {
      if (entry instanceof Rows rows) {
        sum = sum.plus(rows.held().counts());
      }
    }
    return sum;
  }
}
