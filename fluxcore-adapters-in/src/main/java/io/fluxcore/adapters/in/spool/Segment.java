package io.fluxcore.adapters.in.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/** The layout of one file of a spool; see the package's description. */
final class Segment {
  static final String SUFFIX = ".spool";
  static final int HEADER_BYTES = 16;
  static final int FRAME_BYTES = 8;
  private static final byte[] MAGIC = "FLXSPL01".getBytes(StandardCharsets.US_ASCII);

  private final Path path;
  private final long first;
  private long bytes;

  Segment(Path path, long first, long bytes) {
    this.path = path;
    this.first = first;
    this.bytes = bytes;
  }

  static Path path(Path directory, long first) {
    return directory.resolve(String.format(Locale.ROOT, "%020d", first) + SUFFIX);
  }

  Path path() {
    return path;
  }

  /** Offset of its first record. */
  long first() {
    return first;
  }

  /** Size of the file. */
  long bytes() {
    return bytes;
  }

  void grown(long more) {
    bytes += more;
  }

  static byte[] header(long first) {
    return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putLong(first).array();
  }

  /** Whether the file begins as it should. */
  static boolean hasHeader(RandomAccessFile file, long first) throws IOException {
    if (file.length() < HEADER_BYTES) {
      return false;
    }
    byte[] header = new byte[HEADER_BYTES];
    file.seek(0);
    file.readFully(header);
    return Arrays.equals(header, header(first));
  }

  /** Records as they stand in the file. */
  static byte[] frames(List<byte[]> records) {
    long length = 0;
    for (byte[] one : records) {
      length += FRAME_BYTES + one.length;
    }
    ByteBuffer frames = ByteBuffer.allocate(Math.toIntExact(length));
    CRC32C crc = new CRC32C();
    for (byte[] one : records) {
      frames.putInt(one.length).putInt(check(crc, one, 0, one.length)).put(one);
    }
    return frames.array();
  }

  /** The length counts too, so that zeroes that a crash left are no record. */
  static int check(CRC32C crc, byte[] bytes, int from, int length) {
    crc.reset();
    crc.update(length >>> 24);
    crc.update(length >>> 16);
    crc.update(length >>> 8);
    crc.update(length);
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
