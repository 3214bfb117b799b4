package io.fluxcore.adapters.out.format;

import io.fluxcore.application.connector.kit.RandomRows;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Rows for the encoders of messages, and what they make of them. */
final class EncodedRows {
  /** A field of every type. */
  static final Schema EVERY_TYPE =
      Schema.of(
          new Field("bool", DataType.BOOLEAN),
          new Field("number", DataType.LONG),
          new Field("real", DataType.DOUBLE),
          new Field("small", DataType.decimal(12, 3)),
          new Field("large", DataType.decimal(38, 10)),
          new Field("text", DataType.STRING),
          new Field("bytes", DataType.BYTES),
          new Field("day", DataType.DATE),
          new Field("local", DataType.TIMESTAMP),
          new Field("at", DataType.TIMESTAMP_TZ),
          new Field("nested", DataType.NESTED));

  /** The messages of a batch and the errors of its rows. */
  record Encoded(List<byte[]> messages, List<String> errors) {}

  private EncodedRows() {}

  static Encoded encode(RowEncoder encoder, EventBatch batch) {
    MessageEncoder messages = new MessageEncoder(encoder);
    List<String> errors = new ArrayList<>();
    messages.encode(batch, (of, row, error) -> errors.add(row + " " + error.getMessage()));
    List<byte[]> bytes = new ArrayList<>();
    for (int i = 0; i < messages.count(); i++) {
      bytes.add(messages.bytes(i));
    }
    return new Encoded(bytes, errors);
  }

  static EventBatch batch(Schema schema, List<List<@Nullable Object>> rows) {
    EventBatchBuilder builder = new EventBatchBuilder(schema);
    rows.forEach(row -> builder.row(0, row.toArray()));
    return builder.build();
  }

  static EventBatch deletion(Schema schema, @Nullable Object... values) {
    return new EventBatchBuilder(schema).row(RowKind.DELETE, 0, values).build();
  }

  static List<List<@Nullable Object>> random(Schema schema, long seed, int count) {
    RandomRows random = new RandomRows(new Random(seed));
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(random.row(schema));
    }
    return rows;
  }
}
