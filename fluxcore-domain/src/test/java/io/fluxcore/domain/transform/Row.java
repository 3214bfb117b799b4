package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.RowKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that a row carries, comparable: what no transform may lose. */
record Row(
    Map<String, Object> values,
    long timestamp,
    RowKind kind,
    String id,
    String source,
    String type,
    String key,
    int priority,
    Map<String, String> headers,
    String raw) {

  static List<Row> of(List<EventBatch> batches) {
    List<Row> rows = new ArrayList<>();
    for (EventBatch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        rows.add(of(batch, batch.row(i)));
      }
    }
    return rows;
  }

  static Row of(EventBatch batch, int row) {
    EventRecord event = new EventCursor().moveTo(batch, row).copy();
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : batch.schema().fieldNames()) {
      Object value = event.get(name);
      values.put(name, value instanceof byte[] b ? HexFormat.of().formatHex(b) : value);
    }
    return new Row(
        values,
        event.timestamp(),
        event.rowKind(),
        event.id(),
        event.source(),
        event.type(),
        event.key(),
        event.priority(),
        event.headers(),
        batch.rawRecords() == null
            ? null
            : new String(batch.rawRecords().bytes(row), StandardCharsets.UTF_8));
  }

  Object get(String field) {
    return values.get(field);
  }

  Row with(Map<String, Object> newValues) {
    return new Row(newValues, timestamp, kind, id, source, type, key, priority, headers, raw);
  }

  Row at(long newTimestamp) {
    return new Row(values, newTimestamp, kind, id, source, type, key, priority, headers, raw);
  }
}
