package io.fluxcore.adapters.in.format;

import java.nio.charset.StandardCharsets;

/** A record or a value in it is not as declared. Cheap: it may come with every record. */
final class BadValue extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 80;

  static final String SYNTAX = "FLX-FORMAT-0001";
  static final String TOO_LARGE = "FLX-FORMAT-0002";
  static final String WRONG_TYPE = "FLX-FORMAT-0003";
  static final String MISSING = "FLX-FORMAT-0004";
  static final String NO_MATCH = "FLX-FORMAT-0005";
  static final String ENCODING = "FLX-FORMAT-0006";

  private final String code;

  BadValue(String code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  String code() {
    return code;
  }

  String text() {
    String message = getMessage();
    return message == null ? code : message;
  }

  static BadValue wrongType(String field, Object wanted, String value) {
    return new BadValue(
        WRONG_TYPE, "field '" + field + "' is " + shorten(value) + ", not " + wanted);
  }

  static BadValue missing(String field) {
    return new BadValue(MISSING, "field '" + field + "' is required but absent or null");
  }

  static String shorten(String value) {
    return value.length() <= SHOWN ? "'" + value + "'" : "'" + value.substring(0, SHOWN) + "…'";
  }

  static String shorten(byte[] bytes, int from, int to) {
    return shorten(new String(bytes, from, Math.min(to - from, SHOWN * 4), StandardCharsets.UTF_8));
  }
}
