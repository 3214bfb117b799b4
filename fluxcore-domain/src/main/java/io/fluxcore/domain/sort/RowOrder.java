package io.fluxcore.domain.sort;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.BytesColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.kernel.TextOrder;
import io.fluxcore.domain.row.SortField;
import java.util.Arrays;
import java.util.List;

/** The order of rows by time and then by fields. Rows are left where they are; numbers move. */
final class RowOrder {
  /** Up to so many rows insertion is faster than merging. */
  private static final int SHORT = 24;

  private final int[] ordinals;
  private final boolean[] descending;
  private final boolean[] nullsFirst;
  private final ValueOrder[] orders;

  /** Compares values that are not null. */
  @FunctionalInterface
  private interface ValueOrder {
    int compare(Column a, int rowOfA, Column b, int rowOfB);
  }

  RowOrder(List<SortField> fields, Schema schema) {
    ordinals = fields.stream().mapToInt(field -> schema.ordinal(field.name())).toArray();
    descending = new boolean[ordinals.length];
    nullsFirst = new boolean[ordinals.length];
    orders = new ValueOrder[ordinals.length];
    for (int i = 0; i < ordinals.length; i++) {
      descending[i] = fields.get(i).descending();
      nullsFirst[i] = fields.get(i).nullsFirst();
      orders[i] = of(schema.type(ordinals[i]));
    }
  }

  private static ValueOrder of(DataType type) {
    return switch (type.kind()) {
      case LONG, DATE, TIMESTAMP, TIMESTAMP_TZ ->
          (a, i, b, j) -> Long.compare(((LongColumn) a).value(i), ((LongColumn) b).value(j));
      case DOUBLE ->
          // 0.0 and −0.0 are one value, NaN the largest
          (a, i, b, j) ->
              Double.compare(((DoubleColumn) a).value(i) + 0.0, ((DoubleColumn) b).value(j) + 0.0);
      case BOOLEAN ->
          (a, i, b, j) ->
              Boolean.compare(((BooleanColumn) a).value(i), ((BooleanColumn) b).value(j));
      case STRING ->
          (a, i, b, j) ->
              TextOrder.compare(((StringColumn) a).value(i), ((StringColumn) b).value(j));
      case DECIMAL ->
          (a, i, b, j) -> ((DecimalColumn) a).value(i).compareTo(((DecimalColumn) b).value(j));
      case BYTES ->
          (a, i, b, j) ->
              Arrays.compareUnsigned(((BytesColumn) a).value(i), ((BytesColumn) b).value(j));
      case NESTED -> throw new IllegalArgumentException("nested values have no order");
    };
  }

  /** Compares rows of the same or of different batches. */
  int compare(EventBatch a, int rowOfA, EventBatch b, int rowOfB) {
    int order = Long.compare(a.timestamps()[rowOfA], b.timestamps()[rowOfB]);
    for (int f = 0; order == 0 && f < ordinals.length; f++) {
      order = compare(f, a.column(ordinals[f]), rowOfA, b.column(ordinals[f]), rowOfB);
    }
    return order;
  }

  private int compare(int field, Column a, int rowOfA, Column b, int rowOfB) {
    boolean nullA = a.isNull(rowOfA);
    boolean nullB = b.isNull(rowOfB);
    if (nullA || nullB) {
      int order = Boolean.compare(nullB, nullA);
      return nullsFirst[field] ? order : -order;
    }
    int order = orders[field].compare(a, rowOfA, b, rowOfB);
    return descending[field] ? -order : order;
  }

  /**
   * Sorts {@code rows[from..to)} of a batch; equal ones keep their order. Linear where they are in
   * order already.
   *
   * @param spare as long as {@code rows}
   */
  void sort(EventBatch batch, int[] rows, int from, int to, int[] spare) {
    int sorted = from + 1;
    while (sorted < to && compare(batch, rows[sorted - 1], batch, rows[sorted]) <= 0) {
      sorted++;
    }
    if (sorted >= to) {
      return;
    }
    if (to - from <= SHORT) {
      insert(batch, rows, from, sorted, to);
      return;
    }
    int middle = (from + to) >>> 1;
    sort(batch, rows, from, middle, spare);
    sort(batch, rows, middle, to, spare);
    merge(batch, rows, from, middle, to, spare);
  }

  private void insert(EventBatch batch, int[] rows, int from, int sorted, int to) {
    for (int i = sorted; i < to; i++) {
      int row = rows[i];
      int at = i;
      while (at > from && compare(batch, rows[at - 1], batch, row) > 0) {
        rows[at] = rows[at - 1];
        at--;
      }
      rows[at] = row;
    }
  }

  private void merge(EventBatch batch, int[] rows, int from, int middle, int to, int[] spare) {
    System.arraycopy(rows, from, spare, from, middle - from);
    int left = from;
    int right = middle;
    for (int at = from; left < middle; at++) {
      if (right < to && compare(batch, rows[right], batch, spare[left]) < 0) {
        rows[at] = rows[right++];
      } else {
        rows[at] = spare[left++];
      }
    }
  }
}
