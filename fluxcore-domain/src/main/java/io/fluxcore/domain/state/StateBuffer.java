package io.fluxcore.domain.state;

import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Bytes that grow, written big endian: what snapshots are encoded into. Unlike the JDK's streams it
 * takes no lock and writes a long at once. Not thread-safe.
 */
final class StateBuffer implements DataOutput {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes;
  private int size;

  StateBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  void update(CRC32C crc) {
    crc.update(bytes, 0, size);
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
  }

  /** What was written; the buffer must not be used any more. */
  Payload toPayload() {
    return new HeapPayload(bytes, size);
  }

  /** The buffer as a stream. */
  OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        StateBuffer.this.write(b);
      }

      @Override
      public void write(byte[] b, int off, int len) {
        StateBuffer.this.write(b, off, len);
      }
    };
  }

  private void ensure(int more) {
    int needed = Math.addExact(size, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16L, needed * 2L));
    }
  }

  @Override
  public void write(int b) {
    ensure(1);
    bytes[size++] = (byte) b;
  }

  @Override
  public void write(byte[] b) {
    write(b, 0, b.length);
  }

  @Override
  public void write(byte[] b, int off, int len) {
    ensure(len);
    System.arraycopy(b, off, bytes, size, len);
    size += len;
  }

  @Override
  public void writeBoolean(boolean v) {
    write(v ? 1 : 0);
  }

  @Override
  public void writeByte(int v) {
    write(v);
  }

  @Override
  public void writeShort(int v) {
    write(v >>> 8);
    write(v);
  }

  @Override
  public void writeChar(int v) {
    writeShort(v);
  }

  @Override
  public void writeInt(int v) {
    ensure(Integer.BYTES);
    INTS.set(bytes, size, v);
    size += Integer.BYTES;
  }

  @Override
  public void writeLong(long v) {
    ensure(Long.BYTES);
    LONGS.set(bytes, size, v);
    size += Long.BYTES;
  }

  @Override
  public void writeFloat(float v) {
    writeInt(Float.floatToIntBits(v));
  }

  @Override
  public void writeDouble(double v) {
    writeLong(Double.doubleToLongBits(v));
  }

  @Override
  public void writeBytes(String s) {
    for (int i = 0; i < s.length(); i++) {
      write(s.charAt(i));
    }
  }

  @Override
  public void writeChars(String s) {
    for (int i = 0; i < s.length(); i++) {
      writeChar(s.charAt(i));
    }
  }

  /** Modified UTF-8, as {@link DataOutputStream#writeUTF}. */
  @Override
  public void writeUTF(String s) throws IOException {
    new DataOutputStream(stream()).writeUTF(s);
  }
}
