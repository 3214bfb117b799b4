package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.EventBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the number of the schema from each message, and gives the rest to a decoder of texts: one
 * behind the other with a line end between, as it may take them for one stream. Not thread-safe.
 */
final class NumberedDecoder implements RecordDecoder {
  private final RecordDecoder decoder;
  private final RecordSlices rest = new RecordSlices();
  private byte[] bytes = new byte[0];

  /** Of each message of the rest, its number among all. */
  private int[] numbers = new int[0];

  NumberedDecoder(RecordDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public void decode(RecordSlices records, BadRecords bad) {
    int length = 0;
    for (int r = 0; r < records.count(); r++) {
      length += records.end(r) - records.start(r) + 1;
    }
    if (length > bytes.length) {
      bytes = new byte[length];
    }
    if (records.count() > numbers.length) {
      numbers = new int[records.count()];
    }
    rest.reset(bytes);
    int filled = 0;
    for (int r = 0; r < records.count(); r++) {
      int from = records.start(r);
      if (records.end(r) == from || records.bytes()[from] != '{') { // one that was kept has none
        try {
          SchemaIds.id(records.bytes(), from, records.end(r));
        } catch (BadValue e) {
          bad.bad(r, e.code(), e.text());
          continue;
        }
        from += SchemaIds.PREFIX;
      }
      int size = records.end(r) - from;
      System.arraycopy(records.bytes(), from, bytes, filled, size);
      numbers[rest.count()] = r;
      rest.add(filled, filled + size, records.line(r));
      filled += size;
      bytes[filled++] = '\n';
    }
    if (rest.count() > 0) {
      decoder.decode(rest, (record, code, message) -> bad.bad(numbers[record], code, message));
    }
  }

  @Override
  public int @Nullable [] recordsOfRows() {
    int[] inner = decoder.recordsOfRows();
    return inner == null ? null : Arrays.stream(inner).map(record -> numbers[record]).toArray();
  }

  @Override
  public int rows() {
    return decoder.rows();
  }

  @Override
  public EventBatch build() {
    return decoder.build();
  }
}
