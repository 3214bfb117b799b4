package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.PlainValues;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of batches as dead letters keep them, and back. */
public final class LetterRows {
  private LetterRows() {}

  /** A physical row. */
  static DeadLetter.Row row(EventBatch batch, int row) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    Column[] columns = batch.columns();
    for (int i = 0; i < columns.length; i++) {
      fields.put(batch.schema().field(i).name(), PlainValues.plain(columns[i].get(row)));
    }
    return new DeadLetter.Row(batch.timestamps()[row], batch.rowKind(row).name(), fields);
  }

  /**
   * A batch of one row; fields that are not there are null.
   *
   * @throws RecordException if the row does not fit the schema
   */
  public static EventBatch batch(Schema schema, DeadLetter.Row row) {
    for (String name : row.fields().keySet()) {
      if (schema.indexOf(name) < 0) {
        throw new RecordException(
            "FLX-DEADLETTER-0004",
            "the operator's rows have no field '" + name + "'; fields are " + schema.fieldNames());
      }
    }
    @Nullable Object[] values = new Object[schema.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = PlainValues.parse(schema.field(i), row.fields().get(schema.field(i).name()));
    }
    return new EventBatchBuilder(schema, 1).row(kind(row), row.timestamp(), values).build();
  }

  private static RowKind kind(DeadLetter.Row row) {
    return Arrays.stream(RowKind.values())
        .filter(kind -> kind.name().equals(row.kind()))
        .findFirst()
        .orElseThrow(
            () ->
                new RecordException(
                    "FLX-DEADLETTER-0004",
                    "there is no row kind '"
                        + row.kind()
                        + "'; kinds are "
                        + Arrays.toString(RowKind.values())));
  }
}
