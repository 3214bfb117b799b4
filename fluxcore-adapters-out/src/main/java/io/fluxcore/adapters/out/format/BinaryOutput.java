package io.fluxcore.adapters.out.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Binary encodings, Avro's and that of Protobuf, into an array that grows. Not thread-safe. */
final class BinaryOutput {
  private byte[] bytes = new byte[1024];
  private int size;

  void reset() {
    size = 0;
  }

  void writeTo(RowBuffer out) {
    out.write(bytes, 0, size);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }

  void writeBoolean(boolean value) {
    reserve(1);
    bytes[size++] = (byte) (value ? 1 : 0);
  }

  /** An int or a long of Avro. */
  void writeLong(long value) {
    writeVarint((value << 1) ^ (value >> 63));
  }

  /** Seven bits a byte, the lowest first. */
  void writeVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void writeFloat(float value) {
    writeFixed32(Float.floatToRawIntBits(value));
  }

  void writeDouble(double value) {
    writeFixed64(Double.doubleToRawLongBits(value));
  }

  /** The lowest byte first. */
  void writeFixed32(int value) {
    reserve(Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  /** The lowest byte first. */
  void writeFixed64(long value) {
    reserve(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  void writeString(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** With their length in front, as Avro has it. */
  void writeBytes(byte[] value) {
    writeLong(value.length);
    writeFixed(value);
  }

  void writeFixed(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
  }
}
