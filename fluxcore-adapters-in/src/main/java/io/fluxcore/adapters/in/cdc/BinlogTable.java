package io.fluxcore.adapters.in.cdc;

import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.Field;
import java.io.Serializable;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table as it was at some place of the log.
 *
 * @param name with its database
 * @param columns in the order that the log has them in
 * @param types that the log has them as
 * @param widths of those of constant width, in bytes; otherwise 0
 * @param key of its columns, those of the primary key
 */
record BinlogTable(
    String name, List<BinlogColumn> columns, ColumnType[] types, int[] widths, BitSet key) {
  /** What stands where the log has no value, since not all columns are in it. */
  static final Serializable ABSENT = new Absent();

  private static final class Absent implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
      return "?";
    }
  }

  List<String> names() {
    return columns.stream().map(BinlogColumn::name).toList();
  }

  /** Whether rows have different keys. */
  boolean isMove(@Nullable Serializable[] before, @Nullable Serializable[] after) {
    for (int i = key.nextSetBit(0); i >= 0; i = key.nextSetBit(i + 1)) {
      if (!Arrays.deepEquals(new Object[] {before[i]}, new Object[] {after[i]})) {
        return true;
      }
    }
    return false;
  }

  /** A row of the log. */
  record Row(BinlogTable table, @Nullable Serializable[] cells) implements ChangedRow {
    @Override
    public Object layout() {
      return table.columns;
    }

    @Override
    public List<String> columns() {
      return table.names();
    }

    @Override
    public void append(Field field, int index, ColumnBuilder builder) {
      Serializable cell = cells[index];
      BinlogColumn column = table.columns.get(index);
      if (cell == null) {
        builder.appendNull();
        return;
      }
      if (cell == ABSENT) {
        throw new BadChange(
            BadChange.UNAVAILABLE,
            "the log has no value of column '"
                + field.name()
                + "'; set binlog_row_image = FULL, for all who write");
      }
      ColumnType type = table.types[index];
      BinlogValue.append(
          field,
          column.type().isEmpty() ? type.name().toLowerCase(Locale.ROOT) : column.type(),
          BinlogValue.of(column, type, table.widths[index], cell),
          builder);
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("{");
      for (int i = 0; i < cells.length; i++) {
        Object cell = cells[i];
        text.append(i == 0 ? "" : ", ")
            .append(table.columns.get(i).name())
            .append('=')
            .append(cell instanceof byte[] bytes ? shown(i, bytes) : String.valueOf(cell));
      }
      return text.append('}').toString();
    }

    private Object shown(int index, byte[] bytes) {
      Object text = table.columns.get(index).textOf(bytes, 0);
      return text instanceof byte[] ? Arrays.toString(bytes) : text;
    }
  }
}
