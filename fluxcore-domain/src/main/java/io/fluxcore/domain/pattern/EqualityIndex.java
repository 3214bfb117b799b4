package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on the value of one field: a row costs one look-up, however many values there are.
 * What more a condition asks is evaluated for the rows that have its value. Used by one thread.
 */
final class EqualityIndex {
  /** Receives the rows for which a condition is true. */
  interface Hits {
    void hit(int[] rows, int count, int condition);
  }

  private record Asked(int condition, @Nullable CompiledPredicate rest) {}

  /** A value, what is asked of rows that have it, and these rows in the batch. */
  private static final class Entry {
    final List<Asked> asked = new ArrayList<>();
    int[] rows = new int[8];
    int count;
  }

  private final int field;
  private final Map<Object, Entry> entries = new HashMap<>();
  private final List<Entry> seen = new ArrayList<>();
  private int[] selected = new int[0];

  EqualityIndex(int field) {
    this.field = field;
  }

  void add(Equality equality, int condition, ExpressionContext context, Schema schema) {
    String rest = equality.rest();
    entries
        .computeIfAbsent(equality.value(), value -> new Entry())
        .asked
        .add(
            new Asked(
                condition,
                rest == null ? null : Expression.parse(rest).compilePredicate(schema, context)));
  }

  void evaluate(EventBatch batch, RowErrors errors, Hits hits) {
    Column column = batch.column(field);
    if (column instanceof StringColumn.OfDictionary texts) {
      ofDictionary(batch, texts);
    } else {
      for (int i = 0; i < batch.size(); i++) {
        int row = batch.row(i);
        if (!column.isNull(row)) {
          seen(entries.get(value(column, row)), row);
        }
      }
    }
    for (Entry entry : seen) {
      for (Asked asked : entry.asked) {
        hit(batch, entry, asked, errors, hits);
      }
      entry.count = 0;
    }
    seen.clear();
  }

  private static Object value(Column column, int row) {
    return column instanceof LongColumn longs
        ? (Object) longs.value(row)
        : ((StringColumn) column).value(row);
  }

  private void ofDictionary(EventBatch batch, StringColumn.OfDictionary texts) {
    String[] dictionary = texts.dictionary();
    @Nullable Entry[] byCode = new @Nullable Entry[dictionary.length];
    for (int code = 0; code < dictionary.length; code++) {
      byCode[code] = entries.get(dictionary[code]);
    }
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      if (!texts.isNull(row)) {
        seen(byCode[texts.codes()[row]], row);
      }
    }
  }

  private void seen(@Nullable Entry entry, int row) {
    if (entry == null) {
      return;
    }
    if (entry.count == 0) {
      seen.add(entry);
    } else if (entry.count == entry.rows.length) {
      entry.rows = Arrays.copyOf(entry.rows, 2 * entry.count);
    }
    entry.rows[entry.count++] = row;
  }

  private void hit(EventBatch batch, Entry entry, Asked asked, RowErrors errors, Hits hits) {
    CompiledPredicate rest = asked.rest();
    if (rest == null) {
      hits.hit(entry.rows, entry.count, asked.condition());
      return;
    }
    if (selected.length < entry.count) {
      selected = new int[entry.rows.length];
    }
    int count = rest.select(batch.withSelection(entry.rows, entry.count), selected, errors);
    hits.hit(selected, count, asked.condition());
  }
}
