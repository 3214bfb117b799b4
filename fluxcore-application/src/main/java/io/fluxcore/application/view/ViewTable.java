package io.fluxcore.application.view;

import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.row.RowCodec;
import io.fluxcore.domain.row.RowEncoder;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.Payload;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a view: its rows in memory, published after each batch. All of them are in each
 * checkpoint of the job; what is written of them is the published table, which nobody changes.
 */
final class ViewTable implements SinkWriter {
  /** Name of the state in snapshots; all rows are in one key group, since one subtask has them. */
  static final String STATE = "view";

  private final String name;
  private final ViewLayout layout;
  private final Consumer<ViewSnapshot> published;
  private final Runnable closed;
  private final RowTrie rows = new RowTrie();
  private final RowEncoder encoder;
  private final @Nullable RowEncoder keyEncoder;
  private final int[] keyOrdinals;
  private final Column[] keyColumns;
  private long rowCount;
  private long encodedBytes;
  private long version;
  private ViewSnapshot current;

  /**
   * A writer without rows.
   *
   * @param published is given each new state of the view
   * @param closed is told when nothing more is written
   */
  ViewTable(String name, ViewLayout layout, Consumer<ViewSnapshot> published, Runnable closed) {
    this.name = name;
    this.layout = layout;
    this.published = published;
    this.closed = closed;
    this.encoder = new RowEncoder(layout.codec());
    Schema key = layout.keySchema();
    this.keyEncoder = key == null ? null : new RowEncoder(new RowCodec(key));
    this.keyOrdinals =
        layout.key().stream().mapToInt(field -> layout.schema().ordinal(field)).toArray();
    this.keyColumns = new Column[keyOrdinals.length];
    this.current = snapshot();
  }

  private ViewSnapshot snapshot() {
    return new ViewSnapshot(name, layout, rows.snapshot(), rowCount, version);
  }

  private void publish() {
    version++;
    current = snapshot();
    published.accept(current);
  }

  /** Begins with no rows, where no checkpoint has any. */
  void publishFirst() {
    published.accept(current);
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    if (batch.isEmpty()) {
      return;
    }
    Column[] columns = batch.columns();
    for (int i = 0; i < keyColumns.length; i++) {
      keyColumns[i] = columns[keyOrdinals[i]];
    }
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      change(columns, row, batch.rowKind(row), batch.timestamps()[row]);
    }
    publish();
  }

  private void change(Column[] columns, int row, RowKind kind, long timestamp) {
    boolean adds = kind == RowKind.INSERT || kind == RowKind.UPDATE_AFTER;
    if (keyEncoder == null) {
      EncodedRow whole = encoder.encode(columns, row).toRow(timestamp);
      RowTrie.Entry there = rows.find(whole);
      replace(there, whole, whole, (there == null ? 0 : there.count()) + (adds ? 1 : -1));
      return;
    }
    if (kind == RowKind.UPDATE_BEFORE) {
      return; // the row that takes its place follows
    }
    EncodedRow key = keyEncoder.encode(keyColumns, row).toRow(timestamp);
    RowTrie.Entry there = rows.find(key);
    if (adds) {
      replace(there, key, encoder.encode(columns, row).toRow(timestamp), 1);
    } else if (there != null) {
      replace(there, key, there.row(), 0);
    }
  }

  /** A count below zero is kept, and not shown: the row that it takes back has yet to come. */
  private void replace(RowTrie.@Nullable Entry there, EncodedRow key, EncodedRow row, long count) {
    if (there != null) {
      rowCount -= Math.max(0, there.count());
      encodedBytes -= ViewPayload.bytes(there);
    }
    if (count == 0) {
      rows.remove(key);
    } else {
      RowTrie.Entry entry = new RowTrie.Entry(key, row, count);
      rows.put(entry);
      rowCount += Math.max(0, count);
      encodedBytes += ViewPayload.bytes(entry);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void snapshot(OperatorSnapshot.Builder snapshot) {
    snapshot.keyed(STATE, 0, new ViewPayload(layout.signature(), current.entries(), encodedBytes));
  }

  @Override
  public void restored(OperatorSnapshot snapshot) {
    Payload payload = snapshot.keyed(STATE, 0);
    if (payload == null) {
      throw unusable("the checkpoint holds no rows of it", null);
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(payload.open(), 1 << 16))) {
      ViewPayload.read(in, layout.signature(), this::restore);
    } catch (IOException e) {
      throw unusable(String.valueOf(e.getMessage()), e);
    }
    publish();
  }

  private void restore(EncodedRow row, long count) {
    EncodedRow key = row;
    if (keyEncoder != null) {
      ViewSnapshot.ViewBatch one = new ViewSnapshot.ViewBatch(layout.schema(), layout.codec(), 1);
      one.add(row);
      Column[] columns = one.build().columns();
      for (int i = 0; i < keyColumns.length; i++) {
        keyColumns[i] = columns[keyOrdinals[i]];
      }
      key = keyEncoder.encode(keyColumns, 0).toRow(row.timestamp());
    }
    replace(rows.find(key), key, row, count);
  }

  private FluxCoreException unusable(String why, @Nullable IOException cause) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        List.of(
            Diagnostic.error(
                "FLX-VIEW-0002",
                Place.of("view '" + name + "'"),
                "it cannot go on from the checkpoint: " + why,
                "drop the view and create it anew, or go back to the query that it had")),
        cause);
  }

  @Override
  public void close() {
    closed.run();
  }
}
