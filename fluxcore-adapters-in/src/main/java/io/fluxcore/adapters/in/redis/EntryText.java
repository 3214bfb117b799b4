package io.fluxcore.adapters.in.redis;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The fields of entries as objects of JSON whose members are texts: what the decoder reads, and
 * what a dead letter shows. Bytes stay as they are, so that what is not UTF-8 is a bad record. Not
 * thread-safe.
 */
final class EntryText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * The object of an entry.
   *
   * @param fields names and values in turn
   */
  byte[] of(List<byte[]> fields) {
    out.reset();
    out.write('{');
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (i > 0) {
        out.write(',');
      }
      text(fields.get(i));
      out.write(':');
      text(fields.get(i + 1));
    }
    out.write('}');
    return out.toByteArray();
  }

  private void text(byte[] bytes) {
    out.write('"');
    int plain = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
        out.write(bytes, plain, i - plain);
        plain = i + 1;
        out.write('\\');
        if (b == '"' || b == '\\') {
          out.write(b);
        } else {
          out.write('u');
          out.write('0');
          out.write('0');
          out.write(HEX[b >> 4]);
          out.write(HEX[b & 15]);
        }
      }
    }
    out.write(bytes, plain, bytes.length - plain);
    out.write('"');
  }
}
