package io.fluxcore.domain.expression;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bytes and texts as other texts. What is not of an encoding is an {@link
 * IllegalArgumentException}.
 */
final class Encodings {
  /** The character sets that Flink SQL names. */
  private static final Set<String> CHARSETS =
      Set.of("US-ASCII", "ISO-8859-1", "UTF-8", "UTF-16BE", "UTF-16LE", "UTF-16");

  private Encodings() {}

  /** The bytes of a text in UTF-8, or bytes themselves. */
  static byte[] bytes(Object value) {
    return value instanceof byte[] bytes
        ? bytes
        : ((String) value).getBytes(StandardCharsets.UTF_8);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** The bytes of hexadecimal digits, a 0 before them where they are odd; null if they are none. */
  static byte @Nullable [] unhex(String text) {
    try {
      return HexFormat.of().parseHex(text.length() % 2 == 0 ? text : "0" + text);
    } catch (IllegalArgumentException e) {
      return null; // as Flink and Hive have it
    }
  }

  /** The digest of bytes in hexadecimal digits. */
  static String digest(String algorithm, byte[] bytes) {
    try {
      return hex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /** The digest of the family SHA-2 of so many bits; null where there is no such one. */
  static @Nullable String sha2(byte[] bytes, long bits) {
    return bits == 224 || bits == 256 || bits == 384 || bits == 512
        ? digest("SHA-" + bits, bytes)
        : null;
  }

  /** The bytes of a text in a character set; characters that it lacks are question marks. */
  static byte[] encoded(String text, String charset) {
    ByteBuffer bytes = charset(charset).encode(CharBuffer.wrap(text));
    byte[] exact = new byte[bytes.remaining()];
    bytes.get(exact);
    return exact;
  }

  /** The text of bytes; bytes that are none are replacement characters. */
  static String decoded(byte[] bytes, String charset) {
    try {
      return charset(charset)
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("what is malformed is replaced", e);
    }
  }

  private static Charset charset(String name) {
    try {
      Charset charset = Charset.forName(name);
      if (CHARSETS.contains(charset.name())) {
        return charset;
      }
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException("'" + name + "' is not one of " + CHARSETS, e);
    }
    throw new IllegalArgumentException("'" + name + "' is not one of " + CHARSETS);
  }

  /** As forms are sent: letters, digits and {@code .-*_} stay, a space is a plus. */
  static String urlEncoded(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || ".-*_".indexOf(c) >= 0;
      if (plain) {
        out.append(c);
      } else if (c == ' ') {
        out.append('+');
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  /** What {@link #urlEncoded} undoes; null where a percent sign is not followed by two digits. */
  static @Nullable String urlDecoded(String text) {
    byte[] out = new byte[text.length() * 4];
    int size = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c == '%') {
        if (i + 3 > text.length()
            || Character.digit(text.charAt(i + 1), 16) < 0
            || Character.digit(text.charAt(i + 2), 16) < 0) {
          return null;
        }
        out[size++] = (byte) HexFormat.fromHexDigits(text, i + 1, i + 3);
        i += 3;
        continue;
      }
      byte[] bytes =
          new String(Character.toChars(c == '+' ? ' ' : c)).getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, out, size, bytes.length);
      size += bytes.length;
      i += Character.charCount(c);
    }
    return new String(out, 0, size, StandardCharsets.UTF_8);
  }

  /** Decoded again and again, at most so often, until it stays as it is. */
  static @Nullable String urlDecodedRecursively(String text, long depth) {
    String current = text;
    for (long i = 0; i < Math.max(1, depth); i++) {
      String next = urlDecoded(current);
      if (next == null) {
        return null;
      }
      if (next.equals(current)) {
        return next;
      }
      current = next;
    }
    return current;
  }
}
