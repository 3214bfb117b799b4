package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.BooleanColumn;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.StringColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What columns lack for evaluation. */
final class Columns {
  private Columns() {}

  /**
   * The same values, in the rows that are evaluated, with these nulls, which are no fewer than the
   * column's own.
   */
  static Column withNulls(Column column, long @Nullable [] nulls, Rows rows) {
    int size = column.size();
    if (column instanceof LongColumn longs) {
      return new LongColumn(longs.type(), size, longs.values(), nulls);
    }
    if (column instanceof DoubleColumn doubles) {
      return new DoubleColumn(size, doubles.values(), nulls);
    }
    if (column instanceof BooleanColumn booleans) {
      return new BooleanColumn(size, booleans.values(), nulls);
    }
    if (column instanceof StringColumn.OfUtf8 utf8) {
      return StringColumn.ofUtf8(size, utf8.bytes(), utf8.offsets(), nulls);
    }
    if (column instanceof StringColumn.OfDictionary dictionary) {
      return StringColumn.ofDictionary(size, dictionary.codes(), dictionary.dictionary(), nulls);
    }
    if (column instanceof StringColumn.OfStrings strings) {
      return StringColumn.of(size, strings.values(), nulls);
    }
    if (column instanceof DecimalColumn decimals && decimals.longs() != null) {
      return DecimalColumn.ofLongs(decimals.type(), size, decimals.longs(), nulls);
    }
    return gathered(column, nulls, rows);
  }

  /** Other rows may hold nothing that could be copied. */
  private static Column gathered(Column column, long @Nullable [] nulls, Rows rows) {
    int[] sources = new int[column.size()];
    Arrays.fill(sources, -1);
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.row(i);
      sources[row] = NullBits.isSet(nulls, row) ? -1 : row;
    }
    return column.gather(sources, sources.length);
  }
}
