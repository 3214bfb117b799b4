package io.fluxcore.application.view;

import io.fluxcore.domain.row.EncodedRow;
import io.fluxcore.domain.state.Payload;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * The rows of a view in a checkpoint. The format, version {@value #VERSION}: a byte of the version,
 * the layout as UTF-8 behind its length of four bytes, then for each row its length (four bytes),
 * its timestamp and its count (eight each), and its bytes as {@link
 * io.fluxcore.domain.row.RowCodec} has them; a length of -1 ends it.
 */
final class ViewPayload implements Payload {
  private static final int VERSION = 1;
  private static final int ROW_HEAD_BYTES = Integer.BYTES + 2 * Long.BYTES;
  private static final int BUFFERED_BYTES = 1 << 14;

  private final byte[] head;
  private final RowTrie.Snapshot rows;
  private final long rowBytes;

  /**
   * A payload.
   *
   * @param rowBytes the sum of {@link #bytes} of all rows
   */
  ViewPayload(String signature, RowTrie.Snapshot rows, long rowBytes) {
    this.head = head(signature);
    this.rows = rows;
    this.rowBytes = rowBytes;
  }

  private static byte[] head(String signature) {
    byte[] text = signature.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(VERSION);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes.write(text.length >>> shift);
    }
    bytes.writeBytes(text);
    return bytes.toByteArray();
  }

  /** Bytes that a row takes. */
  static long bytes(RowTrie.Entry entry) {
    return (long) ROW_HEAD_BYTES + entry.row().bytes().length;
  }

  @Override
  public long size() {
    return head.length + rowBytes + Integer.BYTES;
  }

  @Override
  public InputStream open() {
    return new Rows(rows.iterator());
  }

  /** Written as it is read, so that a large view is not there twice. */
  private final class Rows extends InputStream {
    private final Iterator<RowTrie.Entry> entries;
    private byte[] part = head;
    private int next;
    private boolean ended;

    Rows(Iterator<RowTrie.Entry> entries) {
      this.entries = entries;
    }

    @Override
    public int read() throws IOException {
      return fill() ? part[next++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, part.length - next);
      System.arraycopy(part, next, target, offset, count);
      next += count;
      return count;
    }

    private boolean fill() throws IOException {
      if (next < part.length) {
        return true;
      }
      if (ended) {
        return false;
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFERED_BYTES + 1_024);
      DataOutputStream out = new DataOutputStream(bytes);
      while (entries.hasNext() && bytes.size() < BUFFERED_BYTES) {
        RowTrie.Entry entry = entries.next();
        out.writeInt(entry.row().bytes().length);
        out.writeLong(entry.row().timestamp());
        out.writeLong(entry.count());
        out.write(entry.row().bytes());
      }
      if (!entries.hasNext()) {
        out.writeInt(-1);
        ended = true;
      }
      part = bytes.toByteArray();
      next = 0;
      return true;
    }
  }

  /** Takes a row that was read. */
  interface Target {
    void row(EncodedRow row, long count);
  }

  /**
   * Reads a payload.
   *
   * @throws IOException if it is of another layout, or not one
   */
  static void read(DataInputStream in, String signature, Target target) throws IOException {
    int version = in.readUnsignedByte();
    if (version != VERSION) {
      throw new IOException("its rows are in format " + version + ", not " + VERSION);
    }
    String there = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    if (!there.equals(signature)) {
      throw new IOException("its rows are " + there + ", not " + signature);
    }
    for (int length = in.readInt(); length >= 0; length = in.readInt()) {
      long timestamp = in.readLong();
      long count = in.readLong();
      byte[] bytes = in.readNBytes(length);
      if (bytes.length != length) {
        throw new IOException("the rows break off");
      }
      target.row(EncodedRow.of(bytes, timestamp), count);
    }
  }
}
