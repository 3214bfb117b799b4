package io.fluxcore.adapters.in.jobfile.text;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an unquoted scalar means, by the core schema of YAML 1.2.2 (10.3.2) less its octal and
 * hexadecimal numbers: {@code yes}, {@code on}, {@code 012} and {@code 1:30} are plain texts.
 */
final class PlainValue {
  private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9]{0,18})");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final int LONGEST_NUMBER = 64;

  private PlainValue() {}

  static @Nullable Object of(String text) {
    switch (text) {
      case "", "~", "null", "Null", "NULL" -> {
        return null;
      }
      case "true", "True", "TRUE" -> {
        return true;
      }
      case "false", "False", "FALSE" -> {
        return false;
      }
      default -> {
        return text.length() > LONGEST_NUMBER ? text : number(text);
      }
    }
  }

  private static Object number(String text) {
    if (INTEGER.matcher(text).matches()) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException e) {
        return text;
      }
    }
    boolean leadingZero = text.matches("[-+]?0[0-9].*");
    return !leadingZero && NUMBER.matcher(text).matches() && !text.matches("[-+]?[0-9]+")
        ? Double.valueOf(text)
        : text;
  }
}
