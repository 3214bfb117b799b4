package io.fluxcore.adapters.in.cdc;

import io.debezium.engine.RecordChangeEvent;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.Field;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** A change as Debezium gives it; some of what it gives is none. */
record DebeziumChange(RecordChangeEvent<SourceRecord> event) implements Change {
  private @Nullable Struct value() {
    return event.record().value() instanceof Struct value
            && value.schema().field("op") != null
            && value.schema().field("source") != null
        ? value
        : null; // a tombstone, a heartbeat, the beginning of a transaction
  }

  private Struct change() {
    Struct value = value();
    if (value == null) {
      throw new IllegalStateException(coordinates() + " is no change");
    }
    return value;
  }

  private Struct source() {
    return change().getStruct("source");
  }

  @Override
  public @Nullable Place place() {
    if (value() == null) {
      return null;
    }
    Struct from = source();
    Object snapshot = from.schema().field("snapshot") == null ? null : from.get("snapshot");
    if (snapshot != null && !"false".equals(snapshot.toString())) {
      return new Place(Place.SNAPSHOT, !"last".equals(snapshot.toString()));
    }
    return new Place(PostgresKind.logPlace(from), false);
  }

  @Override
  @SuppressWarnings("unchecked") // Kafka Connect's type
  public Map<String, Object> offset() {
    return (Map<String, Object>) event.record().sourceOffset();
  }

  @Override
  public String kind() {
    return change().getString("op");
  }

  @Override
  public @Nullable ChangedRow before() {
    return row("before");
  }

  @Override
  public @Nullable ChangedRow after() {
    return row("after");
  }

  private @Nullable ChangedRow row(String part) {
    Struct row = change().getStruct(part);
    return row == null ? null : new Row(row);
  }

  @Override
  public @Nullable String database() {
    return source().getString("db");
  }

  @Override
  public @Nullable String schema() {
    Struct from = source();
    return from.schema().field("schema") == null ? null : from.getString("schema");
  }

  @Override
  public String table() {
    return source().getString("table");
  }

  @Override
  public @Nullable Long millis() {
    return source().getInt64("ts_ms");
  }

  @Override
  public String coordinates() {
    return event.record().topic() + "@" + event.record().sourceOffset();
  }

  @Override
  public String toString() {
    return String.valueOf(event.record().value());
  }

  private record Row(Struct struct) implements ChangedRow {
    @Override
    public Schema layout() {
      return struct.schema();
    }

    @Override
    public List<String> columns() {
      return struct.schema().fields().stream().map(field -> field.name()).toList();
    }

    @Override
    public void append(Field field, int index, ColumnBuilder column) {
      org.apache.kafka.connect.data.Field from = struct.schema().fields().get(index);
      DebeziumValue.append(field, from.schema(), struct.get(from), column);
    }
  }
}
