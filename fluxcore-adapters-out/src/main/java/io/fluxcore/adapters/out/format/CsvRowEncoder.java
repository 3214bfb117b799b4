package io.fluxcore.adapters.out.format;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;

/**
 * CSV after RFC 4180 with {@code \n} line ends. A value is quoted where its text holds a delimiter,
 * quote or line end, begins or ends with a space, is empty, or reads like a null; so nulls and
 * empty strings stay apart.
 */
final class CsvRowEncoder implements RowEncoder {
  private final Schema schema;
  private final RowKinds rowKinds;
  private final CsvStyle style;
  private final TextValues values = new TextValues();

  CsvRowEncoder(Schema schema, RowKinds rowKinds, CsvStyle style) {
    this.schema = schema;
    this.rowKinds = rowKinds;
    this.style = style;
  }

  @Override
  public void encodeHeader(RowBuffer out) {
    if (!style.header()) {
      return;
    }
    if (rowKinds == RowKinds.ALWAYS) {
      value(RowKinds.FIELD, out);
      out.write(schema.size() == 0 ? '\n' : style.delimiter());
    }
    for (int i = 0; i < schema.size(); i++) {
      if (i > 0) {
        out.write(style.delimiter());
      }
      value(schema.field(i).name(), out);
    }
    out.write('\n');
  }

  @Override
  public void encode(EventBatch batch, RecordFailures failures, RowBuffer out) {
    Column[] columns = batch.columns();
    for (int i = 0; i < batch.size(); i++) {
      int row = batch.row(i);
      RowKind kind = batch.rowKind(row);
      if (kind != RowKind.INSERT && rowKinds != RowKinds.ALWAYS) {
        failures.failed(batch, row, RefusedRows.notAnInsertion(kind, "this CSV"));
        continue;
      }
      if (rowKinds == RowKinds.ALWAYS) {
        out.append(kind.sign());
        out.write(style.delimiter());
      }
      for (int c = 0; c < columns.length; c++) {
        if (c > 0) {
          out.write(style.delimiter());
        }
        if (columns[c].isNull(row)) {
          out.append(style.nullText());
        } else {
          value(values.text(columns[c], row), out);
        }
      }
      out.endRow(row);
    }
  }

  private void value(String text, RowBuffer out) {
    if (!needsQuotes(text)) {
      out.append(text);
      return;
    }
    String quote = String.valueOf(style.quote());
    out.write(style.quote());
    out.append(text.replace(quote, quote + quote));
    out.write(style.quote());
  }

  private boolean needsQuotes(String text) {
    int length = text.length();
    if (length == 0 || text.equals(style.nullText())) {
      return true;
    }
    if (text.charAt(0) <= ' ' || text.charAt(length - 1) <= ' ' || text.charAt(0) == '\uFEFF') {
      return true;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == style.delimiter() || c == style.quote() || c == '\n' || c == '\r') {
        return true;
      }
    }
    return false;
  }
}
