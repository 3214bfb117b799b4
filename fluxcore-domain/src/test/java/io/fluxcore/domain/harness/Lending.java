package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.StringColumn;
import java.util.Arrays;
import java.util.List;

/**
 * A batch as a reader lends it to a stage that keeps none: the stage gets a copy, whose arrays are
 * overwritten with rubbish when the call has returned.
 */
final class Lending {
  /** Differs with the size of the batch, so that modes do not agree on it. */
  private final long rubbish;

  private final List<EventRecord> before;
  private final EventBatch lent;

  Lending(EventBatch batch) {
    before = Rows.of(batch);
    rubbish = 0xDEAD_BEEF_DEAD_0000L + batch.size();
    int[] rows = new int[batch.rowCount()];
    Arrays.setAll(rows, row -> row);
    EventBatch copy = batch.gather(rows, rows.length).asBorrowed();
    int[] selection = batch.selection();
    lent = selection == null ? copy : copy.withSelection(selection.clone(), batch.size());
  }

  EventBatch batch() {
    return lent;
  }

  /** Takes the batch back. */
  void end() {
    if (!Rows.of(lent).equals(before)) {
      throw new AssertionError("an operator wrote to a batch; it is now " + Rows.of(lent));
    }
    Arrays.fill(lent.timestamps(), rubbish);
    int[] selection = lent.selection();
    if (selection != null) {
      Arrays.fill(selection, 0);
    }
    byte[] kinds = lent.rowKinds();
    if (kinds != null) {
      Arrays.fill(kinds, (byte) 3);
    }
    for (Column column : lent.columns()) {
      spoil(column);
    }
  }

  private void spoil(Column column) {
    long[] nulls = column.nulls();
    if (nulls != null) {
      Arrays.fill(nulls, rubbish);
    }
    if (column instanceof LongColumn longs) {
      Arrays.fill(longs.values(), rubbish);
    } else if (column instanceof DoubleColumn doubles) {
      Arrays.fill(doubles.values(), Double.NaN);
    } else if (column instanceof BooleanColumn booleans) {
      boolean[] values = booleans.values();
      for (int i = 0; i < values.length; i++) {
        values[i] = !values[i];
      }
    } else if (column instanceof StringColumn.OfStrings strings) {
      Arrays.fill(strings.values(), "rubbish");
    } else if (column instanceof StringColumn.OfUtf8 utf8) {
      Arrays.fill(utf8.bytes(), (byte) '#');
    } // the others hold values that are never written
  }
}
