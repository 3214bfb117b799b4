package io.fluxcore.domain.join;

import io.fluxcore.domain.event.EventBatch;
import java.util.function.Consumer;

/**
 * A table outside that is read from its beginning to its end. Thread-safe; touches nothing outside
 * unless it is read or checked.
 */
@FunctionalInterface
public interface WholeTable extends OutsideTable {
  /**
   * Reads all rows that the table has now. Blocks, and ends soon when its thread is interrupted.
   *
   * @param rows is given batches of {@link LookupTable#rows}, of insertions, which it may keep
   * @throws Exception if not all of them could be read
   */
  void read(Consumer<EventBatch> rows) throws Exception;
}
