package io.fluxcore.domain.window;

import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.SlotTable;
import io.fluxcore.domain.state.StateLayout;
import java.util.List;

/**
 * Where sessions are kept. The newest session of each group is in the table {@link #CURRENT}, so
 * that the common row, which extends it, finds it at once. Older ones (there are some while the
 * watermark lags by more than a gap, or while late rows are allowed) are in the table of their
 * {@link #namespace}: sessions of a group start at least one gap apart, so that a time of the
 * length of a gap holds the start of one at most. Each session names the start of the next older
 * one; a name that leads nowhere says that the older ones have been closed.
 *
 * <p>The cells of the aggregates come first; the four of the session follow and, where sessions
 * have a trigger beside the watermark, the five of {@link SessionTriggers}.
 */
final class SessionLayout {
  /** The namespace of the newest session of each group. */
  static final long CURRENT = 1L << 62;

  /** In {@link #previous}: there is no older session. */
  static final long NONE = Long.MIN_VALUE;

  private final StateLayout state;
  private final int aggregateCells;
  private final long gap;
  private final boolean hasTriggers;

  SessionLayout(
      String name,
      AggregateProgram program,
      List<DataType> keyTypes,
      long gap,
      boolean hasTriggers) {
    StateLayout aggregates = program.layout(name, keyTypes);
    this.aggregateCells = aggregates.cells();
    this.gap = gap;
    this.hasTriggers = hasTriggers;
    this.state =
        hasTriggers
            ? aggregates.withCells(
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                NONE,
                0,
                0,
                SessionTriggers.NEVER,
                SessionTriggers.NEVER,
                NONE,
                NONE)
            : aggregates.withCells(Long.MAX_VALUE, Long.MIN_VALUE, NONE, 0);
  }

  /** Whether the cells of a trigger are there. */
  boolean hasTriggers() {
    return hasTriggers;
  }

  StateLayout state() {
    return state;
  }

  /** The table of an older session. */
  long namespace(long start) {
    return Math.floorDiv(start, gap);
  }

  /** Offset of the time of the first row; {@link Long#MAX_VALUE} in a new slot. */
  int start(SlotTable table) {
    return table.offset(aggregateCells);
  }

  /** Offset of the time of the last row; {@link Long#MIN_VALUE} in a new slot. */
  int last(SlotTable table) {
    return table.offset(aggregateCells + 1);
  }

  /** Offset of the start of the next older session of the group, or {@link #NONE}. */
  int previous(SlotTable table) {
    return table.offset(aggregateCells + 2);
  }

  /** Offset of 1 where the session has fired and no row has changed its end since. */
  int fired(SlotTable table) {
    return table.offset(aggregateCells + 3);
  }

  // with a trigger

  /** Offset of the number of rows since the session has fired. */
  int newRows(SlotTable table) {
    return table.offset(aggregateCells + 4);
  }

  /** Offset of the event time at which the session fires early. */
  int due(SlotTable table) {
    return table.offset(aggregateCells + 5);
  }

  /** Offset of the processing time at which the session fires early. */
  int dueByClock(SlotTable table) {
    return table.offset(aggregateCells + 6);
  }

  /** Offset of the time of the first row of the result that is out, or {@link #NONE}. */
  int givenStart(SlotTable table) {
    return table.offset(aggregateCells + 7);
  }

  /** Offset of the time of the last row of the result that is out, or {@link #NONE}. */
  int givenLast(SlotTable table) {
    return table.offset(aggregateCells + 8);
  }
}
