package io.fluxcore.domain.over;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.row.RowBuffer;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives rows that look ahead, and replaces them when the rows that they look at have come. Of a key
 * the last rows are held as they leave, but with their own fields in the place of those of later
 * rows: what a row looks at stands in the same column of a later one. Not thread-safe.
 */
final class LeadRows {
  /** What is looked for: how many rows later, and in which column it stands. */
  private record Lead(int rows, int column, @Nullable Object otherwise) {}

  private final List<Lead> leads = new ArrayList<>();

  /** How many rows later something is looked for, the furthest first. */
  private final int[] distances;

  private final RowCodec codec;
  private final RowEncoder encoder;
  private final @Nullable ColumnBuilder[] targets;

  /** Positions of the rows that are held. */
  private int[] positions = new int[0];

  LeadRows(OverWindow over, Schema output) {
    int first = output.size() - over.calls().size();
    for (int i = 0; i < over.calls().size(); i++) {
      if (over.calls().get(i) instanceof OverCall.Lead lead) {
        Object otherwise = PlainValues.parse(output.field(first + i), lead.otherwise());
        leads.add(new Lead(lead.rows(), first + i, otherwise));
      }
    }
    distances =
        leads.stream()
            .map(Lead::rows)
            .distinct()
            .sorted(Comparator.reverseOrder())
            .mapToInt(Integer::intValue)
            .toArray();
    codec = new RowCodec(output);
    encoder = new RowEncoder(codec);
    targets = new @Nullable ColumnBuilder[output.size()];
  }

  /**
   * Adds a row, and replaces those that look at it.
   *
   * @param row one row
   * @param held the rows of its key, of which the first ones go
   * @param rows where rows leave
   */
  void add(EventBatch row, RowBuffer held, EventBatchBuilder rows) {
    Column[] columns = new Column[codec.schema().size()];
    Arrays.setAll(columns, row::column);
    long time = row.timestamps()[0];
    held.append(encoder.encode(columns, 0), time, 0);
    int newest = collect(held);
    for (int distance : distances) {
      if (distance <= newest && isChangedBy(columns, distance)) {
        give(RowKind.UPDATE_BEFORE, held, newest - distance, newest - 1, time, rows);
        give(RowKind.UPDATE_AFTER, held, newest - distance, newest, time, rows);
      }
    }
    give(RowKind.INSERT, held, newest, newest, time, rows);
    if (held.size() > distances[0]) {
      held.remove(held.first());
    }
  }

  /** Finds where the rows that are held stand; the index of the last one. */
  private int collect(RowBuffer held) {
    if (positions.length < held.size()) {
      positions = new int[held.size() * 2];
    }
    int count = 0;
    for (int at = held.first(); at >= 0; at = held.next(at)) {
      positions[count++] = at;
    }
    return count - 1;
  }

  /** Whether a row so far back looks for something that was not there and is not as if it were. */
  private boolean isChangedBy(Column[] columns, int distance) {
    for (Lead lead : leads) {
      if (lead.rows() == distance
          && !Objects.equals(columns[lead.column()].get(0), lead.otherwise())) {
        return true;
      }
    }
    return false;
  }

  /** Gives a row as it is when there are rows up to the last one. */
  private void give(
      RowKind kind, RowBuffer held, int index, int last, long time, EventBatchBuilder rows) {
    for (int i = 0; i < targets.length; i++) {
      targets[i] = rows.column(i);
    }
    leads.forEach(lead -> targets[lead.column()] = null);
    held.decode(codec, positions[index], targets);
    Arrays.fill(targets, null);
    for (Lead lead : leads) {
      ColumnBuilder column = rows.column(lead.column());
      if (index + lead.rows() <= last) {
        targets[lead.column()] = column;
        held.decode(codec, positions[index + lead.rows()], targets);
        targets[lead.column()] = null;
      } else {
        column.append(lead.otherwise());
      }
    }
    rows.endRow(time, kind);
  }
}
