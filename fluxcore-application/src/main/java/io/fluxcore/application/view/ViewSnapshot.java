package io.fluxcore.application.view;

import io.fluxcore.application.runtime.QueriedKey;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A materialised view at one time. Immutable and thread-safe. */
public final class ViewSnapshot implements Iterable<EventRecord> {
  private final String view;
  private final ViewLayout layout;
  private final RowTrie.Snapshot rows;
  private final long rowCount;
  private final long version;

  ViewSnapshot(String view, ViewLayout layout, RowTrie.Snapshot rows, long rowCount, long version) {
    this.view = view;
    this.layout = layout;
    this.rows = rows;
    this.rowCount = rowCount;
    this.version = version;
  }

  /** Grows with each batch that changes the view; begins anew when its job starts again. */
  public long version() {
    return version;
  }

  /** Rows, equal ones counted as often as they are there. */
  public long size() {
    return rowCount;
  }

  public Schema schema() {
    return layout.schema();
  }

  /**
   * The row of a key.
   *
   * @param key the value of each field of the key, or its text
   * @throws FluxCoreException of category USER if rows have no key, or the values are not of its
   *     types
   */
  public Optional<EventRecord> find(@Nullable Object... key) {
    Schema keySchema = layout.keySchema();
    if (keySchema == null) {
      throw FluxCoreException.user(
          "FLX-VIEW-0003",
          Place.of("view '" + view + "'"),
          "nothing names a row of it, so that no row can be asked for",
          "give it a key: CREATE MATERIALIZED VIEW … PRIMARY KEY (…) AS …; or query it");
    }
    List<DataType> types = keySchema.fields().stream().map(field -> field.type()).toList();
    Column[] columns = QueriedKey.columns(view, types, Arrays.asList(key));
    EncodedRow encoded = new RowEncoder(new RowCodec(keySchema)).encode(columns, 0).toRow(0);
    RowTrie.Entry entry = rows.find(encoded);
    return entry == null ? Optional.empty() : Optional.of(record(entry));
  }

  private EventRecord record(RowTrie.Entry entry) {
    ViewBatch batch = new ViewBatch(layout.schema(), layout.codec(), 1);
    batch.add(entry.row());
    EventCursor cursor = new EventCursor();
    cursor.moveTo(batch.build(), 0);
    return cursor.copy();
  }

  /** All rows, in no order that means anything. */
  @Override
  public Iterator<EventRecord> iterator() {
    return new Rows();
  }

  RowTrie.Snapshot entries() {
    return rows;
  }

  ViewLayout layout() {
    return layout;
  }

  /** Rows one by one, equal ones after each other. */
  private final class Rows implements Iterator<EventRecord> {
    private final Iterator<RowTrie.Entry> entries = rows.iterator();
    private @Nullable EventRecord current;
    private long left;

    @Override
    public boolean hasNext() {
      while (left <= 0 && entries.hasNext()) {
        RowTrie.Entry entry = entries.next();
        left = entry.count();
        current = left > 0 ? record(entry) : null;
      }
      return left > 0;
    }

    @Override
    public EventRecord next() {
      EventRecord row = hasNext() ? current : null;
      if (row == null) {
        throw new NoSuchElementException("there are no more rows");
      }
      left--;
      return row;
    }
  }

  /** Columns that encoded rows are decoded into. */
  static final class ViewBatch {
    private final Schema schema;
    private final RowCodec codec;
    private final @Nullable ColumnBuilder[] builders;
    private final long[] timestamps;
    private int size;

    ViewBatch(Schema schema, RowCodec codec, int capacity) {
      this.schema = schema;
      this.codec = codec;
      this.timestamps = new long[capacity];
      this.builders = new @Nullable ColumnBuilder[schema.size()];
      for (int i = 0; i < builders.length; i++) {
        builders[i] = new ColumnBuilder(schema.type(i), capacity);
      }
    }

    int size() {
      return size;
    }

    void add(EncodedRow row) {
      codec.decode(row, builders);
      timestamps[size++] = row.timestamp();
    }

    EventBatch build() {
      Column[] columns = new Column[builders.length];
      for (int i = 0; i < columns.length; i++) {
        ColumnBuilder builder = builders[i];
        if (builder == null) {
          throw new IllegalStateException("all columns are built");
        }
        columns[i] = builder.build();
      }
      return EventBatch.of(schema, columns, timestamps, size);
    }
  }
}
