package io.fluxcore.application.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/**
 * How a payload lies in a part: chunks of {@value #BYTES} bytes, the last one of what is left, each
 * with its length before it and the CRC-32C of its bytes behind it. So that nothing is handed out
 * unchecked, and no more than a chunk is in memory.
 */
final class Chunks {
  static final int BYTES = 64 << 10;

  /** Bytes that a chunk adds. */
  static final int OVERHEAD = 2 * Integer.BYTES;

  private Chunks() {}

  /** Writes one payload; not closed with it is the stream below. */
  static final class Out extends OutputStream {
    private final OutputStream target;
    private final byte[] chunk = new byte[Integer.BYTES + BYTES + Integer.BYTES];
    private final CRC32C whole = new CRC32C();
    private int used;
    private long length;

    Out(OutputStream target) {
      this.target = target;
    }

    long length() {
      return length;
    }

    int checksum() {
      return (int) whole.getValue();
    }

    @Override
    public void write(int b) throws IOException {
      chunk[Integer.BYTES + used++] = (byte) b;
      if (used == BYTES) {
        end();
      }
    }

    @Override
    public void write(byte[] bytes, int off, int len) throws IOException {
      int from = off;
      int left = len;
      while (left > 0) {
        int step = Math.min(left, BYTES - used);
        System.arraycopy(bytes, from, chunk, Integer.BYTES + used, step);
        used += step;
        from += step;
        left -= step;
        if (used == BYTES) {
          end();
        }
      }
    }

    /** Writes what there is as a chunk. */
    void end() throws IOException {
      if (used == 0) {
        return;
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("given up");
      }
      whole.update(chunk, Integer.BYTES, used);
      put(chunk, 0, used);
      put(chunk, Integer.BYTES + used, crc(chunk, Integer.BYTES, used));
      target.write(chunk, 0, used + OVERHEAD);
      length += used;
      used = 0;
    }

    @Override
    public void close() throws IOException {
      end();
    }
  }

  /** Reads one payload, a checked chunk at a time. */
  static final class In extends InputStream {
    private final InputStream source;
    private final String what;
    private final int checksum;
    private final CRC32C whole = new CRC32C();
    private final byte[] chunk;
    private long left;
    private int at;
    private int end;

    In(InputStream source, long length, int checksum, String what) {
      this.source = source;
      this.left = length;
      this.checksum = checksum;
      this.what = what;
      this.chunk = new byte[(int) Math.min(BYTES, length) + OVERHEAD];
    }

    private boolean fill() throws IOException {
      if (left == 0) {
        return false;
      }
      int wanted = (int) Math.min(BYTES, left);
      int read = source.readNBytes(chunk, 0, wanted + OVERHEAD);
      if (read < wanted + OVERHEAD) {
        throw new EOFException(what + " is cut off");
      }
      int length = get(chunk, 0);
      if (length != wanted || get(chunk, Integer.BYTES + wanted) != crc(chunk, 4, wanted)) {
        throw new SnapshotUnusable(what + " is damaged: the checksum of a chunk does not match");
      }
      whole.update(chunk, Integer.BYTES, wanted);
      left -= wanted;
      if (left == 0 && (int) whole.getValue() != checksum) {
        throw new SnapshotUnusable(what + " is damaged: it is another one than was written");
      }
      at = Integer.BYTES;
      end = Integer.BYTES + wanted;
      return true;
    }

    @Override
    public int read() throws IOException {
      return at == end && !fill() ? -1 : chunk[at++] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int off, int len) throws IOException {
      if (len == 0) {
        return 0;
      }
      if (at == end && !fill()) {
        return -1;
      }
      int step = Math.min(len, end - at);
      System.arraycopy(chunk, at, bytes, off, step);
      at += step;
      return step;
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static void put(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 24);
    bytes[at + 1] = (byte) (value >>> 16);
    bytes[at + 2] = (byte) (value >>> 8);
    bytes[at + 3] = (byte) value;
  }

  private static int get(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | (bytes[at + 3] & 0xFF);
  }
}
