package io.fluxcore.adapters.in.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Avro's binary encoding in a part of an array. Never reads beyond the part, and believes no length
 * that is more than what is left of it. Not thread-safe.
 */
final class AvroInput {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[0];
  private int position;
  private int end;

  void reset(byte[] newBytes, int from, int to) {
    bytes = newBytes;
    position = from;
    end = to;
  }

  byte[] bytes() {
    return bytes;
  }

  int position() {
    return position;
  }

  /** Goes back to where it was. */
  void seek(int earlier) {
    position = earlier;
  }

  int remaining() {
    return end - position;
  }

  boolean readBoolean() {
    byte value = bytes[take(1)];
    if (value != 0 && value != 1) {
      throw damaged("a boolean is " + value);
    }
    return value == 1;
  }

  int readInt() {
    long value = readLong();
    if ((int) value != value) {
      throw damaged("an int is " + value);
    }
    return (int) value;
  }

  long readLong() {
    long raw = 0;
    int at = position;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == end) {
        throw cutOff();
      }
      byte next = bytes[at++];
      raw |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        position = at;
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw damaged("a number has more than ten bytes");
  }

  float readFloat() {
    return Float.intBitsToFloat((int) INTS.get(bytes, take(Integer.BYTES)));
  }

  double readDouble() {
    return Double.longBitsToDouble((long) LONGS.get(bytes, take(Long.BYTES)));
  }

  /** The length of what follows, which is all there. */
  int readLength() {
    long length = readLong();
    if (length < 0 || length > end - position) {
      throw damaged("a value of " + length + " bytes begins where " + remaining() + " are left");
    }
    return (int) length;
  }

  /** Goes past as many bytes; where they begin. */
  int take(int count) {
    int at = position;
    if (count > end - at) {
      throw cutOff();
    }
    position = at + count;
    return at;
  }

  static BadValue damaged(String what) {
    return new BadValue(BadValue.SYNTAX, "it is not Avro of its schema: " + what);
  }

  private static BadValue cutOff() {
    return damaged("it ends amid a value");
  }
}
