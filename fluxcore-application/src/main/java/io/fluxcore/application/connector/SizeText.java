package io.fluxcore.application.connector;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as options and job files write them: {@code 64kb}, {@code 16mb}, {@code 1gb}, or a number
 * of bytes. A kilobyte is 1,024 bytes.
 */
public final class SizeText {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]+)\\s*(b|kb|kib|mb|mib|gb|gib)?", Pattern.CASE_INSENSITIVE);

  private SizeText() {}

  /**
   * The bytes of a text.
   *
   * @throws IllegalArgumentException if it is no size; the message says how to write one
   */
  public static long parse(String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (matcher.matches()) {
      String unit = matcher.group(2);
      int shift =
          switch (unit == null ? "b" : unit.toLowerCase(Locale.ROOT)) {
            case "kb", "kib" -> 10;
            case "mb", "mib" -> 20;
            case "gb", "gib" -> 30;
            default -> 0;
          };
      try {
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
      } catch (ArithmeticException | NumberFormatException e) {
        throw new IllegalArgumentException(problem(text), e);
      }
    }
    throw new IllegalArgumentException(problem(text));
  }

  private static String problem(String text) {
    return "'" + text + "' is not a size; write 64kb, 16mb, 1gb or a number of bytes";
  }

  /** The shortest text that {@link #parse} reads back. */
  public static String format(long bytes) {
    for (int shift = 30; shift > 0; shift -= 10) {
      if (bytes != 0 && bytes % (1L << shift) == 0) {
        return (bytes >> shift) + (shift == 30 ? "gb" : shift == 20 ? "mb" : "kb");
      }
    }
    return Long.toString(bytes);
  }
}
