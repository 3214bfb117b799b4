package io.fluxcore.adapters.out.console;

import io.fluxcore.adapters.out.format.RefusedRows;
import io.fluxcore.adapters.out.format.RowBuffer;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.adapters.out.format.RowKinds;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;

/**
 * Rows under column heads. Columns are as wide as the first batch asks for and grow when a later
 * value needs it; a stream has no last row to wait for. Control characters are shown as spaces.
 */
final class TableEncoder implements RowEncoder {
  private static final int MAX_WIDTH = 60;

  private final Schema schema;
  private final RowKinds rowKinds;
  private final TextValues values = new TextValues();
  private final int[] widths;

  TableEncoder(Schema schema, RowKinds rowKinds) {
    this.schema = schema;
    this.rowKinds = rowKinds;
    this.widths = new int[schema.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = schema.field(c).name().length();
    }
  }

  @Override
  public void encodeHeader(RowBuffer out) {
    StringBuilder heads = new StringBuilder();
    StringBuilder rule = new StringBuilder();
    if (rowKinds == RowKinds.ALWAYS) {
      heads.append("   ");
      rule.append("   ");
    }
    for (int c = 0; c < widths.length; c++) {
      cell(schema.field(c).name(), c, c == widths.length - 1, heads);
      rule.append("-".repeat(widths[c])).append(c == widths.length - 1 ? "" : "  ");
    }
    out.append(heads.append('\n').append(rule).append('\n').toString());
  }

  @Override
  public void encode(EventBatch batch, RecordFailures failures, RowBuffer out) {
    Column[] columns = batch.columns();
    String[][] cells = new String[batch.size()][];
    for (int i = 0; i < cells.length; i++) {
      int row = batch.row(i);
      RowKind kind = batch.rowKind(row);
      if (kind != RowKind.INSERT && rowKinds == RowKinds.NEVER) {
        failures.failed(batch, row, RefusedRows.notAnInsertion(kind, "this table"));
        cells[i] = new String[0];
        continue;
      }
      cells[i] = new String[columns.length];
      for (int c = 0; c < columns.length; c++) {
        String text = columns[c].isNull(row) ? "" : printable(values.text(columns[c], row));
        cells[i][c] = text;
        widths[c] = Math.max(widths[c], Math.min(MAX_WIDTH, text.length()));
      }
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      if (cells[i].length != columns.length) {
        continue;
      }
      line.setLength(0);
      RowKind kind = batch.rowKind(batch.row(i));
      if (rowKinds == RowKinds.ALWAYS || kind != RowKind.INSERT) {
        line.append(kind.sign()).append(' ');
      }
      for (int c = 0; c < columns.length; c++) {
        cell(cells[i][c], c, c == columns.length - 1, line);
      }
      out.append(line.append('\n').toString());
    }
  }

  private void cell(String text, int column, boolean last, StringBuilder line) {
    int padding = Math.max(0, widths[column] - text.length());
    if (schema.type(column).isNumeric()) {
      line.append(" ".repeat(padding)).append(text);
    } else {
      line.append(text).append(last ? "" : " ".repeat(padding));
    }
    line.append(last ? "" : "  ");
  }

  private static String printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        StringBuilder clean = new StringBuilder(text);
        for (int j = i; j < text.length(); j++) {
          if (Character.isISOControl(text.charAt(j))) {
            clean.setCharAt(j, ' ');
          }
        }
        return clean.toString();
      }
    }
    return text;
  }
}
