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
 * {@link #namespace}: sessions of a group start more than one gap apart, so that a time of the
 * length of a gap holds the start of one at most. Each session names the start of the next older
 * one; a name that leads nowhere says that the older ones have been closed.
 *
 * <p>The cells of the aggregates come first; the four of the session follow.
 */
final class SessionLayout {
  /** The namespace of the newest session of each group. */
  static final long CURRENT = 1L << 62;

  /** In {@link #previous}: there is no older session. */
  static final long NONE = Long.MIN_VALUE;

  private final StateLayout state;
  private final int aggregateCells;
  private final long gap;

  SessionLayout(String name, AggregateProgram program, List<DataType> keyTypes, long gap) {
    StateLayout aggregates = program.layout(name, keyTypes);
    this.aggregateCells = aggregates.cells();
    this.gap = gap;
    this.state = aggregates.withCells(Long.MAX_VALUE, Long.MIN_VALUE, NONE, 0);
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
}
