package io.fluxcore.adapters.in.spool;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What is whole of a file that may have been cut off by a crash.
 *
 * @param records from its beginning
 * @param bytes up to the end of the last of them
 */
record SegmentScan(long records, long bytes) {
  private static final int BUFFER_BYTES = 256 * 1024;

  static SegmentScan of(Path path) throws IOException {
    long size = Files.size(path);
    long records = 0;
    long at = Segment.HEADER_BYTES;
    CRC32C crc = new CRC32C();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES))) {
      in.skipNBytes(Segment.HEADER_BYTES);
      while (size - at >= Segment.FRAME_BYTES) {
        int length = in.readInt();
        int check = in.readInt();
        if (length < 0 || length > size - at - Segment.FRAME_BYTES) {
          break;
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || Segment.check(crc, bytes, 0, length) != check) {
          break;
        }
        records++;
        at += Segment.FRAME_BYTES + length;
      }
    }
    return new SegmentScan(records, at);
  }
}
