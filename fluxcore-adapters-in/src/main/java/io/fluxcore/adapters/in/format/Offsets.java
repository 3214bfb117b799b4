package io.fluxcore.adapters.in.format;

/** Offsets from UTC: {@code Z}, {@code +01}, {@code +0100}, {@code +01:00}. */
final class Offsets {
  static final int NONE = Integer.MIN_VALUE;

  private Offsets() {}

  /** Seconds east of Greenwich, or {@link #NONE}. */
  static int seconds(byte[] text, int from, int to) {
    int length = to - from;
    if (length == 1) {
      return text[from] == 'Z' || text[from] == 'z' ? 0 : NONE;
    }
    if (length != 3 && length != 5 && length != 6) {
      return NONE;
    }
    if ((text[from] != '+' && text[from] != '-') || (length == 6 && text[from + 3] != ':')) {
      return NONE;
    }
    int hours = Digits.unsigned(text, from + 1, from + 3);
    int minutes = length == 3 ? 0 : Digits.unsigned(text, to - 2, to);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
      return NONE;
    }
    int seconds = (hours * 60 + minutes) * 60;
    return text[from] == '-' ? -seconds : seconds;
  }
}
