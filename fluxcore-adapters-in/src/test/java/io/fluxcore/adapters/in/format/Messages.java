package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes messages one behind the other in one array, as readers do. */
final class Messages {
  private Messages() {}

  /** What became of some messages. */
  record Result(EventBatch batch, List<String> bad, int @Nullable [] records) {
    List<@Nullable Object> row(int row) {
      List<@Nullable Object> values = new ArrayList<>();
      for (int c = 0; c < batch.schema().size(); c++) {
        values.add(batch.column(c).isNull(row) ? null : batch.column(c).get(row));
      }
      return values;
    }

    List<List<@Nullable Object>> rows() {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (int r = 0; r < batch.rowCount(); r++) {
        rows.add(row(r));
      }
      return rows;
    }
  }

  /** The value with lists of numbers in place of arrays, so that equality is one of contents. */
  static @Nullable Object comparable(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      List<Object> list = new ArrayList<>();
      for (byte one : bytes) {
        list.add(one);
      }
      return list;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(item -> copy.add(comparable(item)));
      return copy;
    }
    return value;
  }

  static Result decode(RecordFormat format, Schema wanted, byte[]... messages) {
    return decode(format.decoder(wanted, false, null), messages);
  }

  static Result decode(RecordDecoder decoder, byte[]... messages) {
    int length = 0;
    for (byte[] message : messages) {
      length += message.length + 1;
    }
    byte[] bytes = new byte[length];
    RecordSlices slices = new RecordSlices();
    slices.reset(bytes);
    int at = 0;
    for (int i = 0; i < messages.length; i++) {
      System.arraycopy(messages[i], 0, bytes, at, messages[i].length);
      slices.add(at, at + messages[i].length, i);
      at += messages[i].length;
      bytes[at++] = '\n';
    }
    List<String> bad = new ArrayList<>();
    decoder.decode(slices, (record, code, text) -> bad.add(record + " " + code + " " + text));
    int[] records = decoder.recordsOfRows();
    return new Result(decoder.build(), bad, records);
  }
}
