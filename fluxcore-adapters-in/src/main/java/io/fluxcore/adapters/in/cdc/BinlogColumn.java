package io.fluxcore.adapters.in.cdc;

import java.math.BigInteger;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a column of a table is, beyond the bytes that the log has of it.
 *
 * @param type as the database names it, in small letters: {@code bigint}; empty where it is not
 *     known, and the log's own type is all
 * @param charset of texts, as the database names it; null of bytes
 * @param values of an enumeration or a set
 */
record BinlogColumn(
    String name, String type, boolean unsigned, @Nullable String charset, List<String> values) {
  /** Those that Java names otherwise. */
  private static final Map<String, String> CHARSETS =
      Map.ofEntries(
          Map.entry("utf8mb4", "UTF-8"),
          Map.entry("utf8mb3", "UTF-8"),
          Map.entry("utf8", "UTF-8"),
          Map.entry("latin1", "windows-1252"),
          Map.entry("latin2", "ISO-8859-2"),
          Map.entry("latin5", "ISO-8859-9"),
          Map.entry("latin7", "ISO-8859-13"),
          Map.entry("greek", "ISO-8859-7"),
          Map.entry("hebrew", "ISO-8859-8"),
          Map.entry("ascii", "US-ASCII"),
          Map.entry("ucs2", "UTF-16BE"),
          Map.entry("utf16", "UTF-16BE"),
          Map.entry("utf16le", "UTF-16LE"),
          Map.entry("utf32", "UTF-32BE"),
          Map.entry("cp932", "windows-31j"),
          Map.entry("sjis", "Shift_JIS"),
          Map.entry("ujis", "EUC-JP"),
          Map.entry("eucjpms", "EUC-JP"),
          Map.entry("euckr", "EUC-KR"),
          Map.entry("koi8r", "KOI8-R"),
          Map.entry("koi8u", "KOI8-U"),
          Map.entry("tis620", "TIS-620"),
          Map.entry("gb2312", "GB2312"),
          Map.entry("gbk", "GBK"),
          Map.entry("gb18030", "GB18030"),
          Map.entry("big5", "Big5"),
          Map.entry("cp1250", "windows-1250"),
          Map.entry("cp1251", "windows-1251"),
          Map.entry("cp1256", "windows-1256"),
          Map.entry("cp1257", "windows-1257"),
          Map.entry("cp850", "IBM850"),
          Map.entry("cp852", "IBM852"),
          Map.entry("cp866", "IBM866"));

  BinlogColumn {
    values = List.copyOf(values);
  }

  /** The character set that the database names so; null if Java has none. */
  static @Nullable Charset charset(String name) {
    String java = CHARSETS.get(name.toLowerCase(Locale.ROOT));
    return java != null && Charset.isSupported(java) ? Charset.forName(java) : null;
  }

  /** An unsigned number of as many bytes as the log has of it. */
  Object unsigned(long signed, int bits) {
    if (!unsigned || signed >= 0) {
      return signed;
    }
    return bits == 64
        ? new BigInteger(Long.toUnsignedString(signed))
        : (Object) (signed & ((1L << bits) - 1));
  }

  /** The value of an enumeration; the empty text is of number 0, which stands for a wrong one. */
  String valueOf(int number) {
    if (number == 0) {
      return "";
    }
    if (number > values.size()) {
      throw new BadChange(
          BadChange.WRONG_TYPE,
          "column '" + name + "' is the value " + number + " of the enumeration " + values);
    }
    return values.get(number - 1);
  }

  /** The values of a set, with commas between. */
  String valuesOf(long bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 64; i++) {
      if ((bits >>> i & 1) == 1) {
        text.append(text.length() == 0 ? "" : ",").append(valueOf(i + 1));
      }
    }
    return text.toString();
  }

  /**
   * A text, or bytes.
   *
   * @param width of a column of constant width, whose zeros at the end the log leaves out
   */
  Object textOf(byte[] bytes, int width) {
    if (charset != null && !charset.equals("binary")) {
      Charset known = charset(charset);
      if (known == null) {
        throw new BadChange(
            BadChange.WRONG_TYPE,
            "column '"
                + name
                + "' has texts of the character set '"
                + charset
                + "', which cannot be read");
      }
      return new String(bytes, known);
    }
    byte[] whole = bytes.length < width ? Arrays.copyOf(bytes, width) : bytes;
    return type.equals("uuid") && whole.length == 16 ? uuid(whole) : whole;
  }

  /** MariaDB keeps the parts of the versions 1 to 5 in the opposite order. */
  private static String uuid(byte[] bytes) {
    byte[] text = bytes;
    boolean turned = bytes[6] < 0 && bytes[8] > 0;
    if (turned) {
      int[] order = {12, 13, 14, 15, 10, 11, 8, 9, 6, 7, 0, 1, 2, 3, 4, 5};
      text = new byte[16];
      for (int i = 0; i < 16; i++) {
        text[i] = bytes[order[i]];
      }
    }
    BigInteger number = new BigInteger(1, text);
    return new UUID(number.shiftRight(64).longValue(), number.longValue()).toString();
  }

  /** Values as the database writes them in a type: {@code enum('a','b')}. */
  static List<String> values(String columnType) {
    List<String> values = new ArrayList<>();
    StringBuilder value = null;
    for (int i = 0; i < columnType.length(); i++) {
      char at = columnType.charAt(i);
      if (value == null) {
        value = at == '\'' ? new StringBuilder() : null;
      } else if (at != '\'') {
        value.append(at);
      } else if (i + 1 < columnType.length() && columnType.charAt(i + 1) == '\'') {
        value.append(at);
        i++;
      } else {
        values.add(value.toString());
        value = null;
      }
    }
    return values;
  }
}
