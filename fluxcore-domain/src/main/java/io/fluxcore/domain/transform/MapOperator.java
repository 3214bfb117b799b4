package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one row out of each by user code. A row keeps its time, kind and envelope. Rows for which
 * the code throws, or returns what the declared fields do not hold, are failed.
 */
public final class MapOperator extends TransformOperator {
  private final MapFunction function;
  private final Schema output;
  private final EventCursor cursor = new EventCursor();

  /**
   * A map by user code.
   *
   * @param output the fields of its rows
   */
  public MapOperator(MapFunction function, Schema output) {
    this.function = function;
    this.output = output;
  }

  public Schema outputSchema() {
    return output;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    BatchFailures failures = failures().begin(batch);
    DerivedRows rows = new DerivedRows(batch, output);
    int[] selection = batch.selection();
    int size = batch.size();
    try {
      for (int i = 0; i < size; i++) {
        map(batch, selection == null ? i : selection[i], rows, failures);
      }
    } finally {
      cursor.close();
    }
    out.emit(rows.build(output));
  }

  private void map(EventBatch batch, int row, DerivedRows rows, BatchFailures failures) {
    Map<String, ? extends @Nullable Object> values = null;
    for (int attempt = 1; values == null; attempt++) {
      try {
        values = valuesOf(cursor.moveTo(batch, row));
      } catch (Exception e) {
        if (!failures.again(e, attempt)) {
          failures.failed(row, UserCode.error(operatorId(), e), attempt);
          return;
        }
      }
    }
    try {
      rows.writer().add(values);
    } catch (Exception e) {
      failures.failed(row, UserCode.error(operatorId(), e));
      return;
    }
    rows.endRow(row);
  }

  private Map<String, ? extends @Nullable Object> valuesOf(Event event) {
    Map<String, ? extends @Nullable Object> values = function.map(event);
    if (values == null) {
      throw new NullPointerException("the map function returned null");
    }
    return values;
  }
}
