package io.fluxcore.adapters.in.format;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.SourceReader.Decoded;
import java.util.ArrayList;
import java.util.List;

/** One record that is decoded apart from the stream that it came with. */
public final class SingleRecord {
  private SingleRecord() {}

  /**
   * Decodes a record.
   *
   * @param decoder without rows; it has none afterwards
   * @param record with or without its line end
   */
  public static Decoded decode(RecordDecoder decoder, byte[] record) {
    int end = record.length;
    while (end > 0 && (record[end - 1] == '\n' || record[end - 1] == '\r')) {
      end--;
    }
    RecordSlices slices = new RecordSlices();
    slices.reset(record);
    slices.add(0, end, 1);
    List<BadRecord> bad = new ArrayList<>();
    decoder.decode(
        slices, (number, code, message) -> bad.add(new BadRecord(record, "", code, message)));
    return new Decoded(decoder.build(), bad);
  }
}
