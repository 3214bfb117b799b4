package io.fluxcore.domain.state;

import java.io.ByteArrayOutputStream;

/**
 * UTF-8 in which an unpaired surrogate, which UTF-8 cannot hold, is encoded like any other code
 * point of three bytes (Sapin, "The WTF-8 encoding").
 */
final class Wtf8 {
  private Wtf8() {}

  static byte[] encode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    text.codePoints().forEach(point -> encode(point, bytes));
    return bytes.toByteArray();
  }

  private static void encode(int point, ByteArrayOutputStream bytes) {
    if (point < 0x80) {
      bytes.write(point);
      return;
    }
    if (point < 0x800) {
      bytes.write(0xC0 | point >> 6);
    } else {
      if (point < 0x10000) {
        bytes.write(0xE0 | point >> 12);
      } else {
        bytes.write(0xF0 | point >> 18);
        bytes.write(0x80 | (point >> 12 & 0x3F));
      }
      bytes.write(0x80 | (point >> 6 & 0x3F));
    }
    bytes.write(0x80 | (point & 0x3F));
  }

  /** Decodes what {@link #encode} wrote. */
  static String decode(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int first = bytes[at++] & 0xFF;
      int more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
      int point = more == 0 ? first : first & (0x3F >> more);
      for (; more > 0 && at < bytes.length; more--) {
        point = point << 6 | (bytes[at++] & 0x3F);
      }
      text.appendCodePoint(point);
    }
    return text.toString();
  }
}
