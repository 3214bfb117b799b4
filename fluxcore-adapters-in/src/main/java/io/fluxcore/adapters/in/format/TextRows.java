package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The common half of CSV and text lines: a {@link FieldSplitter} finds the fields of a record, and
 * those that are wanted become values. Not thread-safe.
 */
final class TextRows implements RecordDecoder {
  private final FieldSplitter splitter;
  private final FieldSpans spans;
  private final RowAssembler rows;
  private final int[] sources;
  private final TextField[] fields;
  private final int[] required;
  private final String[] requiredNames;
  private final NullText nullText;

  /**
   * Rows of the wanted fields.
   *
   * @param splitters makes splitters for this reader
   * @param names of the fields that a splitter finds; every wanted and required one is among them
   * @param nullText null: only absent fields are null
   */
  TextRows(
      Supplier<FieldSplitter> splitters,
      List<String> names,
      Schema wanted,
      FieldSettings settings,
      @Nullable String nullText,
      boolean keepRaw) {
    this.splitter = splitters.get();
    this.spans = new FieldSpans(names.size());
    this.nullText = new NullText(nullText);
    this.sources = new int[wanted.size()];
    this.fields = new TextField[wanted.size()];
    for (int i = 0; i < sources.length; i++) {
      String name = wanted.field(i).name();
      sources[i] = names.lastIndexOf(name);
      fields[i] = new TextField(name, wanted.type(i), settings);
    }
    this.requiredNames = settings.required().toArray(new String[0]);
    this.required = settings.required().stream().mapToInt(names::lastIndexOf).toArray();
    this.rows =
        new RowAssembler(
            wanted,
            keepRaw ? rawFields(splitters.get(), names, this.nullText, settings.latin1()) : null);
  }

  @Override
  public void decode(RecordSlices records, BadRecords bad) {
    byte[] bytes = records.bytes();
    for (int r = 0; r < records.count(); r++) {
      try {
        splitter.split(bytes, records.start(r), records.end(r), spans);
        for (int i = 0; i < required.length; i++) {
          if (nullText.isNull(spans, required[i])) {
            throw BadValue.missing(requiredNames[i]);
          }
        }
        for (int i = 0; i < fields.length; i++) {
          ColumnBuilder column = rows.column(i);
          int source = sources[i];
          if (nullText.isNull(spans, source)) {
            column.appendNull();
          } else {
            fields[i].append(spans.bytes[source], spans.starts[source], spans.ends[source], column);
          }
        }
        rows.endRow(records, r);
      } catch (BadValue e) {
        rows.abandonRow();
        bad.bad(r, e.code(), e.text());
      }
    }
  }

  /** All fields of a kept record, as strings: asked for later, perhaps by other threads. */
  private static Function<byte[], Map<String, @Nullable Object>> rawFields(
      FieldSplitter splitter, List<String> names, NullText nullText, boolean latin1) {
    FieldSpans spans = new FieldSpans(names.size());
    return record -> {
      synchronized (spans) {
        splitter.split(record, 0, record.length, spans);
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
          result.put(
              names.get(i),
              nullText.isNull(spans, i)
                  ? null
                  : TextField.string(
                      names.get(i), spans.bytes[i], spans.starts[i], spans.ends[i], latin1));
        }
        return result;
      }
    };
  }

  @Override
  public int rows() {
    return rows.rows();
  }

  @Override
  public EventBatch build() {
    return rows.build();
  }
}
