package io.fluxcore.adapters.in.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * How far a file of a log has been read. The inode finds the file again under another name; the
 * checksum tells whether it is still the same: it covers the first bytes and those before the
 * offset, so that neither an inode that was given to a new file nor one that was emptied and filled
 * again is taken for what was read.
 *
 * @param inode where the file system has such a number, else {@code -}
 * @param offset bytes before the next record
 * @param line the next record's, from 1
 * @param check of bytes before the offset
 */
record LogMark(String inode, long offset, long line, int check) {
  private static final int FIRST_BYTES = 1024;
  private static final int LAST_BYTES = 256;
  private static final Pattern TEXT =
      Pattern.compile("inode (\\S+), byte ([0-9]+), line ([0-9]+), check ([0-9a-f]{8})");

  /** The start of a file. */
  static LogMark start(String inode) {
    return new LogMark(inode, 0, 1, 0);
  }

  /** A mark at a place of a file. */
  static LogMark at(String inode, FileChannel file, long offset, long line) throws IOException {
    return new LogMark(inode, offset, line, check(file, offset));
  }

  private static int check(FileChannel file, long offset) throws IOException {
    if (offset == 0) {
      return 0;
    }
    CRC32C crc = new CRC32C();
    add(crc, file, 0, (int) Math.min(FIRST_BYTES, offset));
    if (offset > FIRST_BYTES) {
      int last = (int) Math.min(LAST_BYTES, offset - FIRST_BYTES);
      add(crc, file, offset - last, last);
    }
    return (int) crc.getValue();
  }

  private static void add(CRC32C crc, FileChannel file, long from, int length) throws IOException {
    crc.update(bytes(file, from, length));
  }

  /** The bytes that the file has there: fewer if it ends before. */
  static byte[] bytes(FileChannel file, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && file.read(bytes, from + bytes.position()) >= 0) {
      // Goes on until all are there or the file ends.
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Whether the file begins with what was read. */
  boolean fits(FileChannel file) throws IOException {
    return file.size() >= offset && check(file, offset) == check;
  }

  /** The same place of a file with another number. */
  LogMark withInode(String other) {
    return new LogMark(other, offset, line, check);
  }

  /** {@code inode 7, byte 4711, line 42, check 0123abcd}. */
  @Override
  public String toString() {
    String hex = Integer.toHexString(check);
    return "inode "
        + inode
        + ", byte "
        + offset
        + ", line "
        + line
        + ", check "
        + "0".repeat(8 - hex.length())
        + hex;
  }

  /**
   * What {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if it is no mark
   */
  static LogMark parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no position in a log");
    }
    return new LogMark(
        matcher.group(1),
        Long.parseLong(matcher.group(2)),
        Long.parseLong(matcher.group(3)),
        Integer.parseUnsignedInt(matcher.group(4), 16));
  }
}
