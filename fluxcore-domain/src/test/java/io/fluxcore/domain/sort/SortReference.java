package io.fluxcore.domain.sort;

import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Rows;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a sort must give, in the most naive way: all rows of a key kept and sorted at the end. */
final class SortReference {
  private final EventTimeSort sort;
  private final Schema schema;
  private final List<EventRecord> held = new ArrayList<>();
  private final List<String> late = new ArrayList<>();

  SortReference(EventTimeSort sort, Schema schema) {
    this.sort = sort;
    this.schema = schema;
  }

  SortReference run(Script script) {
    long watermark = Long.MIN_VALUE;
    for (Script.Element element : script.elements()) {
      if (element instanceof Script.Watermark w) {
        watermark = w.time();
      } else if (element instanceof Script.Row row) {
        EventRecord event = EventRecord.of(schema, row.timestamp(), row.values().toArray());
        if (row.timestamp() > watermark) {
          held.add(event);
        } else {
          late.add(Rows.text(event));
        }
      }
    }
    // a row that is not late comes after all that was emitted before it
    held.sort(Comparator.comparingLong(EventRecord::timestamp).thenComparing(this::compareFields));
    return this;
  }

  private int compareFields(EventRecord a, EventRecord b) {
    for (SortField field : sort.thenBy()) {
      int order = compare(a.get(field.name()), b.get(field.name()));
      if (order != 0) {
        return field.descending() ? -order : order;
      }
    }
    return 0;
  }

  @SuppressWarnings("unchecked")
  private static int compare(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return a == b ? 0 : a == null ? -1 : 1;
    }
    return a instanceof byte[] bytes
        ? Arrays.compareUnsigned(bytes, (byte[]) b)
        : ((Comparable<Object>) a).compareTo(b);
  }

  /** The rows of each key in order: one text a key. */
  List<String> sequences() {
    return sequences(held, sort.key());
  }

  List<String> late() {
    return late;
  }

  static List<String> sequences(List<EventRecord> rows, List<String> key) {
    Map<List<String>, List<String>> byKey = new LinkedHashMap<>();
    for (EventRecord row : rows) {
      List<String> values = new ArrayList<>();
      for (String field : key) {
        values.add(row.get(field) instanceof byte[] b ? Arrays.toString(b) : "" + row.get(field));
      }
      byKey.computeIfAbsent(values, k -> new ArrayList<>()).add(Rows.text(row));
    }
    List<String> texts = new ArrayList<>();
    byKey.forEach((values, list) -> texts.add(values + ": " + String.join(" ", list)));
    return texts;
  }
}
