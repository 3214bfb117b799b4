package io.fluxcore.adapters.in.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Protobuf's wire format in a part of an array. Never reads beyond the part, and believes no length
 * that is more than what is left of it. Not thread-safe.
 */
final class ProtoInput {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int START_GROUP = 3;
  static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_DEPTH = 200;

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

  boolean hasMore() {
    return position < end;
  }

  /** Ends the input at an earlier place; what has to be given back to {@link #limit} later. */
  int limit(int newEnd) {
    int old = end;
    end = newEnd;
    return old;
  }

  /** Number and wire type of the field that comes next. */
  int readTag() {
    long tag = readVarint();
    if (tag >>> 3 == 0 || tag >>> 32 != 0) {
      throw damaged("a field has the tag " + tag);
    }
    return (int) tag;
  }

  long readVarint() {
    int at = position;
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == end) {
        throw cutOff();
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        position = at;
        return value;
      }
    }
    throw damaged("a number has more than ten bytes");
  }

  int readFixed32() {
    return (int) INTS.get(bytes, take(Integer.BYTES));
  }

  long readFixed64() {
    return (long) LONGS.get(bytes, take(Long.BYTES));
  }

  /** The length of what follows, which is all there. */
  int readLength() {
    long length = readVarint();
    if (length < 0 || length > end - position) {
      throw damaged(
          "a value of "
              + Long.toUnsignedString(length)
              + " bytes begins where "
              + (end - position)
              + " are left");
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

  /** Goes past the value of a field. */
  void skip(int tag) {
    skip(tag, 0);
  }

  private void skip(int tag, int depth) {
    switch (tag & 7) {
      case VARINT -> readVarint();
      case FIXED64 -> take(Long.BYTES);
      case LENGTH -> take(readLength());
      case FIXED32 -> take(Integer.BYTES);
      case START_GROUP -> {
        checkDepth(depth);
        int next = readTag();
        while ((next & 7) != END_GROUP) {
          skip(next, depth + 1);
          next = readTag();
        }
        if (next >>> 3 != tag >>> 3) {
          throw damaged("group " + (tag >>> 3) + " is ended by group " + (next >>> 3));
        }
      }
      default -> throw damaged("field " + (tag >>> 3) + " has the wire type " + (tag & 7));
    }
  }

  static void checkDepth(int depth) {
    if (depth > MAX_DEPTH) {
      throw damaged("values are nested deeper than " + MAX_DEPTH);
    }
  }

  static BadValue damaged(String what) {
    return new BadValue(BadValue.SYNTAX, "it is not Protobuf of its type: " + what);
  }

  private static BadValue cutOff() {
    return damaged("it ends amid a value");
  }
}
