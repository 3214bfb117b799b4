package io.fluxcore.adapters.out.parts;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a batch by their directories, and those that have none. */
final class Shares {
  private final EventBatch batch;
  private final Map<String, Rows> byDirectory = new LinkedHashMap<>();
  private final List<Refused> refused = new ArrayList<>();

  private record Refused(int row, RecordException why) {}

  /** Rows that go to one directory, ascending. */
  private static final class Rows {
    private int[] rows = new int[16];
    private int count;

    private void add(int row) {
      if (count == rows.length) {
        rows = Arrays.copyOf(rows, count * 2);
      }
      rows[count++] = row;
    }
  }

  /**
   * Shares out rows.
   *
   * @param directories null: all go to the one without a name
   */
  Shares(EventBatch batch, @Nullable Directories directories) {
    this.batch = batch;
    if (directories == null) {
      return;
    }
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      try {
        byDirectory.computeIfAbsent(directories.of(batch, row), d -> new Rows()).add(row);
      } catch (RecordException e) {
        refused.add(new Refused(row, e));
      }
    }
  }

  /** What goes to each directory. */
  Map<String, EventBatch> byDirectory() {
    if (byDirectory.isEmpty() && refused.isEmpty()) {
      return Map.of("", batch);
    }
    Map<String, EventBatch> batches = new LinkedHashMap<>();
    byDirectory.forEach(
        (directory, rows) -> batches.put(directory, batch.withSelection(rows.rows, rows.count)));
    return batches;
  }

  /** Tells of the rows that have no directory. */
  void refuse(RecordFailures failures) {
    refused.forEach(one -> failures.failed(batch, one.row, one.why));
  }
}
