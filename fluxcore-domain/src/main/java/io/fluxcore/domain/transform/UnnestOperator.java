package io.fluxcore.domain.transform;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NestedColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A row for each element of a list or entry of a map. The other fields, the time and the envelope
 * are those of the row. An update is a deletion of the former elements and an insertion of the new
 * ones: there need not be as many. A value that is neither a list nor a map fails the row.
 *
 * <p>Rows leave in batches of {@link EventBatch#TARGET_ROWS}, also those of one long list, and no
 * more are made while the output has no capacity.
 */
public final class UnnestOperator extends TransformOperator {
  private static final String WRONG = "FLX-TRANSFORM-0005";

  private final int ordinal;
  private final int[] kept;
  private final boolean hasPosition;
  private final boolean keepsEmpty;
  private final Schema output;

  /** Batches that are not done: an upstream operator may emit several in one call. */
  private final Deque<EventBatch> inputs = new ArrayDeque<>();

  /** The selected row of the first of {@link #inputs} that is not done, by its number. */
  private int next;

  /** The elements of that row, where some have left already. */
  private @Nullable List<?> elements;

  private int nextElement;

  /**
   * An unnest.
   *
   * @param ordinal of the field that holds lists or maps
   * @param kept ordinals of the fields that the rows keep
   * @param hasPosition whether the last field is the element's number
   * @param keepsEmpty whether a row without elements leaves once, with nulls
   * @param output the kept fields, that of the element, and the number
   */
  public UnnestOperator(
      int ordinal, int[] kept, boolean hasPosition, boolean keepsEmpty, Schema output) {
    this.ordinal = ordinal;
    this.kept = kept.clone();
    this.hasPosition = hasPosition;
    this.keepsEmpty = keepsEmpty;
    this.output = output;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    boolean busy = hasMore();
    inputs.add(batch);
    if (inputs.size() == 1) {
      failures().begin(batch);
    }
    if (!busy) {
      resume(out);
    }
  }

  @Override
  public boolean hasMore() {
    return !inputs.isEmpty();
  }

  @Override
  public void resume(Output out) {
    while (hasMore()) {
      EventBatch made = make();
      if (!made.isEmpty()) {
        out.emit(made);
        if (!out.hasCapacity()) {
          return;
        }
      }
    }
  }

  private EventBatch make() {
    EventBatch batch = inputs.getFirst();
    Made made = new Made();
    while (next < batch.size() && made.count < EventBatch.TARGET_ROWS) {
      int row = batch.row(next);
      List<?> of = elements == null ? elements(batch, row) : elements;
      while (nextElement < of.size() && made.count < EventBatch.TARGET_ROWS) {
        made.add(row, of.get(nextElement), ++nextElement);
      }
      boolean isDone = nextElement == of.size();
      elements = isDone ? null : of;
      if (isDone) {
        if (of.isEmpty() && keepsEmpty && !failures().isFailed(row)) {
          made.add(row, null, 0);
        }
        nextElement = 0;
        next++;
      }
    }
    EventBatch result = made.build(batch);
    if (next == batch.size()) {
      endInput();
    }
    return result;
  }

  private void endInput() {
    inputs.removeFirst();
    next = 0;
    if (!inputs.isEmpty()) {
      failures().begin(inputs.getFirst());
    }
  }

  private List<?> elements(EventBatch batch, int row) {
    NestedColumn column = (NestedColumn) batch.column(ordinal);
    if (column.isNull(row)) {
      return List.of();
    }
    Object value = column.value(row);
    if (value instanceof List<?> list) {
      return list;
    }
    if (value instanceof Map<?, ?> map) {
      List<Object> entries = new ArrayList<>(map.size());
      map.forEach(
          (key, of) -> {
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put("key", key);
            entry.put("value", of);
            entries.add(entry);
          });
      return entries;
    }
    failures()
        .failed(
            row,
            new RecordException(
                WRONG,
                "'"
                    + batch.schema().field(ordinal).name()
                    + "' is neither a list nor a map, but a "
                    + value.getClass().getSimpleName()));
    return List.of();
  }

  /** Rows that are being made of those of a batch. */
  private final class Made {
    private final int[] origins = new int[EventBatch.TARGET_ROWS];
    private final @Nullable Object[] values = new @Nullable Object[EventBatch.TARGET_ROWS];
    private final long[] positions = new long[EventBatch.TARGET_ROWS];
    private int count;

    /** A row; the position 0 is that of no element. */
    void add(int row, @Nullable Object element, int position) {
      if (count == origins.length) {
        throw new IllegalStateException("asked before");
      }
      origins[count] = row;
      values[count] = element;
      positions[count] = position;
      count++;
    }

    EventBatch build(EventBatch batch) {
      EventBatch rows = batch.gather(origins, count);
      Column[] columns = new Column[output.size()];
      for (int i = 0; i < kept.length; i++) {
        columns[i] = rows.column(kept[i]);
      }
      columns[kept.length] = new NestedColumn(count, values, nulls(i -> values[i] == null));
      if (hasPosition) {
        columns[kept.length + 1] =
            new LongColumn(DataType.LONG, count, positions, nulls(i -> positions[i] == 0));
      }
      return rows.withColumns(output, columns).withRowKinds(kinds(rows.rowKinds()));
    }

    private long @Nullable [] nulls(IntPredicate isNull) {
      long[] bits = null;
      for (int i = 0; i < count; i++) {
        if (isNull.test(i)) {
          bits = bits == null ? NullBits.create(count) : bits;
          NullBits.set(bits, i);
        }
      }
      return bits;
    }

    private byte @Nullable [] kinds(byte @Nullable [] before) {
      if (before == null) {
        return null;
      }
      byte[] kinds = new byte[count];
      for (int i = 0; i < count; i++) {
        boolean isRetraction = RowKind.of(before[i]).isRetraction();
        kinds[i] = (isRetraction ? RowKind.DELETE : RowKind.INSERT).code();
      }
      return kinds;
    }
  }
}
