package io.fluxcore.domain.expression;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259) into nested values: whole numbers that fit are Long, others BigDecimal. Of
 * equal keys the last one counts. What is no JSON is an {@link IllegalArgumentException}.
 */
final class JsonText {
  /** Lists and maps within each other; more would be an attack on the stack. */
  private static final int DEEPEST = 512;

  private static final int LONGEST_NUMBER = 1000;

  /** Stands for the null of JSON at the top, where Java's would be no value. */
  static final Object NULL = new Object();

  private final String text;
  private int at;
  private int depth;

  private JsonText(String text) {
    this.text = text;
  }

  /** The value of a whole text; {@link #NULL} for {@code null}. */
  static Object parse(String text) {
    JsonText json = new JsonText(text);
    Object value = json.value();
    json.skipBlanks();
    if (json.at < text.length()) {
      throw json.wrong("more follows the value");
    }
    return value == null ? NULL : value;
  }

  /** The value of a whole text, or null if it is none. */
  static @Nullable Object find(String text) {
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("not JSON: " + what + " at character " + (at + 1));
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private @Nullable Object value() {
    skipBlanks();
    if (at == text.length()) {
      throw wrong("a value is missing");
    }
    char c = text.charAt(at);
    if (c == '{' || c == '[') {
      if (++depth > DEEPEST) {
        throw wrong("more than " + DEEPEST + " levels");
      }
      at++;
      Object value = c == '{' ? members() : elements();
      depth--;
      return value;
    }
    if (c == '"') {
      return string();
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
      return number();
    }
    if (word("true")) {
      return true;
    }
    if (word("false")) {
      return false;
    }
    return nothing();
  }

  private boolean word(String word) {
    if (!text.startsWith(word, at)) {
      return false;
    }
    at += word.length();
    return true;
  }

  private @Nullable Object nothing() {
    if (!word("null")) {
      throw wrong("no value");
    }
    return null;
  }

  private boolean take(char c) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw wrong("'" + c + "' is missing");
    }
  }

  private Map<String, @Nullable Object> members() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (take('}')) {
      return members;
    }
    do {
      skipBlanks();
      if (at == text.length() || text.charAt(at) != '"') {
        throw wrong("a key is missing");
      }
      String key = string();
      expect(':');
      members.put(key, value());
    } while (take(','));
    expect('}');
    return members;
  }

  private List<@Nullable Object> elements() {
    List<@Nullable Object> elements = new ArrayList<>();
    if (take(']')) {
      return elements;
    }
    do {
      elements.add(value());
    } while (take(','));
    expect(']');
    return elements;
  }

  private Object number() {
    int from = at;
    boolean isWhole = true;
    if (text.charAt(at) == '-') {
      at++;
    }
    int digits = digits();
    if (digits == 0 || (digits > 1 && text.charAt(at - digits) == '0')) {
      throw wrong("no number");
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      isWhole = false;
      if (digits() == 0) {
        throw wrong("digits are missing");
      }
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      isWhole = false;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      if (digits() == 0) {
        throw wrong("digits are missing");
      }
    }
    String number = text.substring(from, at);
    if (number.length() > LONGEST_NUMBER) {
      throw wrong("a number of more than " + LONGEST_NUMBER + " digits");
    }
    if (isWhole && number.length() <= 18) {
      return Long.parseLong(number);
    }
    BigDecimal exact = new BigDecimal(number);
    return isWhole && exact.toBigInteger().bitLength() < Long.SIZE ? exact.longValue() : exact;
  }

  private int digits() {
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - from;
  }

  private String string() {
    int from = ++at;
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
      requirePrintable();
      at++;
    }
    StringBuilder out = new StringBuilder(text.substring(from, at));
    while (at < text.length() && text.charAt(at) != '"') {
      requirePrintable();
      char c = text.charAt(at++);
      out.append(c == '\\' ? escaped() : c);
    }
    if (at == text.length()) {
      throw wrong("a quote is missing");
    }
    at++;
    return out.toString();
  }

  private void requirePrintable() {
    if (text.charAt(at) < ' ') {
      throw wrong("a control character");
    }
  }

  private char escaped() {
    if (at == text.length()) {
      throw wrong("a quote is missing");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw wrong("no escape");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw wrong("four hexadecimal digits are missing");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }
}
