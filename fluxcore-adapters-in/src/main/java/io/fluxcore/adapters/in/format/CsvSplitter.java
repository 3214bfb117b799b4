package io.fluxcore.adapters.in.format;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds the values of a CSV record. Values with doubled quotes are rewritten into a scratch. */
final class CsvSplitter implements FieldSplitter {
  private final byte delimiter;
  private final byte quote;
  private final int columns;
  private byte[] scratch = new byte[256];
  private int scratchUsed;

  /** Position behind the value at hand. */
  private int next;

  CsvSplitter(byte delimiter, byte quote, int columns) {
    this.delimiter = delimiter;
    this.quote = quote;
    this.columns = columns;
  }

  @Override
  public void split(byte[] bytes, int from, int to, FieldSpans spans) {
    int found = scan(bytes, from, to, spans, columns);
    if (found != columns) {
      throw new BadValue(
          BadValue.SYNTAX,
          "the record has "
              + found
              + (found == 1 ? " value" : " values")
              + " where there are "
              + columns
              + " columns");
    }
  }

  /** All values of a record, however many. */
  List<byte[]> values(byte[] record) {
    int found = scan(record, 0, record.length, new FieldSpans(0), 0);
    FieldSpans spans = new FieldSpans(found);
    scan(record, 0, record.length, spans, found);
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < found; i++) {
      values.add(Arrays.copyOfRange(spans.bytes[i], spans.starts[i], spans.ends[i]));
    }
    return values;
  }

  /** Counts the values, and keeps the first ones. */
  private int scan(byte[] bytes, int from, int to, FieldSpans spans, int kept) {
    if (scratch.length < to - from) {
      scratch = new byte[Math.max(to - from, scratch.length * 2)];
    }
    scratchUsed = 0;
    int at = from;
    int field = 0;
    while (true) {
      if (at < to && bytes[at] == quote) {
        quoted(bytes, at + 1, to, field, spans, kept);
        at = next;
      } else {
        int start = at;
        while (at < to && bytes[at] != delimiter) {
          at++;
        }
        if (field < kept) {
          spans.set(field, bytes, start, at);
        }
      }
      field++;
      if (at >= to) {
        return field;
      }
      at++;
    }
  }

  private void quoted(byte[] bytes, int from, int to, int field, FieldSpans spans, int kept) {
    int close = LineEnds.indexOf(bytes, from, to, quote);
    if (close >= 0 && (close + 1 == to || bytes[close + 1] != quote)) {
      if (field < kept) {
        spans.setQuoted(field, bytes, from, close);
      }
    } else {
      close = unescape(bytes, from, to, field, spans, kept);
    }
    next = close + 1;
    if (next < to && bytes[next] != delimiter) {
      throw new BadValue(
          BadValue.SYNTAX,
          "value "
              + (field + 1)
              + " goes on behind its closing quote: "
              + BadValue.shorten(bytes, close, to));
    }
  }

  private int unescape(byte[] bytes, int from, int to, int field, FieldSpans spans, int kept) {
    int start = scratchUsed;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == quote) {
        if (i + 1 >= to || bytes[i + 1] != quote) {
          if (field < kept) {
            spans.setQuoted(field, scratch, start, scratchUsed);
          }
          return i;
        }
        i++;
      }
      scratch[scratchUsed++] = b;
    }
    throw new BadValue(BadValue.SYNTAX, "the quote of value " + (field + 1) + " is never closed");
  }
}
