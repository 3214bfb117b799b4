package io.fluxcore.infrastructure.regex;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a pattern of RE2's syntax that is bounded, and writes it for Java; used once. */
final class BoundedPatternReader {
  /** The most characters that are looked at from one start. */
  private static final int MOST_STEPS = 500;

  private static final String SPACE = "\\t\\n\\f\\r ";
  private static final String PUNCTUATION = "!\"#%',-./:;<=>@_`~$()*+?[\\]^{|}&";

  private final String pattern;
  private final StringBuilder written = new StringBuilder();
  private int at;
  private int captures;

  /** What was read last is a single character without an upper bound: nothing may follow. */
  private boolean endless;

  /** Characters that stand for themselves, one after the other, and the most of them so far. */
  private final StringBuilder run = new StringBuilder();

  private int beforeRun;
  private String longest = "";
  private int beforeLongest;

  BoundedPatternReader(String pattern) {
    this.pattern = pattern;
  }

  /** Null if it is not bounded. */
  @Nullable BoundedPattern read() {
    Cost cost = sequence(true);
    boolean alternative = cost != null && is('|');
    if (alternative) {
      cost = alternatives(cost);
    }
    if (cost == null || at < pattern.length()) {
      return null;
    }
    return new BoundedPattern(
        Pattern.compile(written.toString(), Pattern.UNIX_LINES),
        alternative ? "" : longest,
        beforeLongest);
  }

  /**
   * How many ways there are to match, and how many characters all of them look at.
   *
   * @param steps at most {@link #MOST_STEPS}
   * @param optional whether one of the ways takes no character
   */
  private record Cost(int ways, int steps, boolean optional) {
    static final Cost NOTHING = new Cost(1, 0, true);
    static final Cost CHARACTER = new Cost(1, 1, false);

    static @Nullable Cost of(long ways, long steps, boolean optional) {
      return Math.max(ways, steps) > MOST_STEPS
          ? null
          : new Cost((int) ways, (int) steps, optional);
    }

    @Nullable Cost then(Cost next) {
      return of(
          (long) ways * next.ways, steps + (long) ways * next.steps, optional && next.optional);
    }

    @Nullable Cost or(Cost other) {
      return of((long) ways + other.ways, (long) steps + other.steps, optional || other.optional);
    }
  }

  /** The ways after the first one. */
  private @Nullable Cost alternatives(@Nullable Cost first) {
    Cost all = first;
    boolean anyEndless = endless;
    while (all != null && is('|')) {
      written.append(pattern.charAt(at++));
      Cost next = sequence(false);
      all = next == null ? null : all.or(next);
      anyEndless |= endless;
    }
    endless = anyEndless;
    return all;
  }

  /**
   * @param everyMatch whether all of it is part of every match
   */
  private @Nullable Cost sequence(boolean everyMatch) {
    Cost all = Cost.NOTHING;
    endless = false;
    while (all != null && at < pattern.length() && !is('|') && !is(')')) {
      if (endless) {
        return null;
      }
      int from = at;
      Cost next = repeated();
      if (everyMatch) {
        run(from, all);
      }
      all = next == null ? null : all.then(next);
    }
    return all;
  }

  /** Goes on with the run, or ends it. */
  private void run(int from, Cost before) {
    boolean escaped = pattern.charAt(from) == '\\';
    int character = escaped ? from + 1 : from;
    if (at != character + 1 || !isItself(pattern.charAt(character), escaped)) {
      run.setLength(0);
      return;
    }
    if (run.isEmpty()) {
      beforeRun = before.steps * Character.charCount(Character.MAX_CODE_POINT);
    }
    run.append(pattern.charAt(character));
    if (run.length() > longest.length()) {
      longest = run.toString();
      beforeLongest = beforeRun;
    }
  }

  private static boolean isItself(char character, boolean escaped) {
    return escaped ? PUNCTUATION.indexOf(character) >= 0 : "^.$".indexOf(character) < 0;
  }

  private @Nullable Cost repeated() {
    int before = captures;
    boolean group = is('(');
    Cost once = group ? group() : character();
    if (once == null || !(is('?') || is('*') || is('+') || is('{'))) {
      return once;
    }
    if (endless || once.optional || captures > before) {
      return null;
    }
    Cost all =
        switch (pattern.charAt(at)) {
          case '?' -> times(copied(once), 0, 1);
          case '{' -> counted(once, group);
          default -> group ? null : endless(copied(once));
        };
    if (all != null && is('?')) {
      written.append(pattern.charAt(at++));
      return endless ? null : all;
    }
    return all;
  }

  /** A repetition of a character that nothing bounds. */
  private Cost endless(Cost once) {
    endless = true;
    return once;
  }

  private @Nullable Cost counted(Cost once, boolean group) {
    int end = pattern.indexOf('}', at);
    String[] bounds = end < 0 ? new String[0] : pattern.substring(at + 1, end).split(",", -1);
    boolean upTo = bounds.length == 2 && isNumber(bounds[1]);
    boolean orMore = bounds.length == 2 && bounds[1].isEmpty() && !group;
    boolean exactly = bounds.length == 1;
    if (bounds.length == 0 || !isNumber(bounds[0]) || !(exactly || upTo || orMore)) {
      return null;
    }
    written.append(pattern, at, end + 1);
    at = end + 1;
    int least = Integer.parseInt(bounds[0]);
    Cost all = times(once, least, upTo ? Integer.parseInt(bounds[1]) : least);
    return all == null || !orMore ? all : endless(all);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= 4
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** A repetition, which can end after each time from the least on. */
  private static @Nullable Cost times(Cost once, int least, int most) {
    long ways = least == 0 ? 1 : 0;
    Cost all = Cost.NOTHING;
    for (int i = 1; i <= most; i++) {
      all = all.then(once);
      if (all == null) {
        return null;
      }
      ways += i >= least ? all.ways : 0;
    }
    return Cost.of(Math.max(1, ways), all.steps, least == 0);
  }

  private @Nullable Cost group() {
    written.append(pattern.charAt(at++));
    if (is('?')) {
      if (!pattern.startsWith("?:", at)) {
        return null;
      }
      written.append("?:");
      at += 2;
    } else {
      captures++;
    }
    Cost inside = alternatives(sequence(false));
    if (inside == null || !is(')')) {
      return null;
    }
    written.append(pattern.charAt(at++));
    return inside;
  }

  private @Nullable Cost character() {
    char next = pattern.charAt(at);
    return switch (next) {
      case '^' -> copied(Cost.NOTHING);
      case '.' -> copied(Cost.CHARACTER);
      case '$' -> {
        at++;
        written.append("\\z");
        yield Cost.NOTHING;
      }
      case '[' -> characterClass();
      case '\\' -> escape(false) ? Cost.CHARACTER : null;
      case '*', '+', '?', '{', '}', ']' -> null;
      default -> Character.isSurrogate(next) ? null : copied(Cost.CHARACTER);
    };
  }

  private Cost copied(Cost cost) {
    written.append(pattern.charAt(at++));
    return cost;
  }

  /** An escape that both syntaxes read alike; false if it is another one. */
  private boolean escape(boolean inClass) {
    if (at + 1 == pattern.length()) {
      return false;
    }
    char escaped = pattern.charAt(at + 1);
    if (escaped == 's') {
      written.append(inClass ? SPACE : "[" + SPACE + "]");
    } else if ("dwDWtnrf".indexOf(escaped) >= 0 || PUNCTUATION.indexOf(escaped) >= 0) {
      written.append('\\').append(escaped);
    } else {
      return false;
    }
    at += 2;
    return true;
  }

  private @Nullable Cost characterClass() {
    written.append(pattern.charAt(at++));
    if (is('^')) {
      written.append(pattern.charAt(at++));
    }
    boolean any = false;
    while (at < pattern.length() && !is(']')) {
      char next = pattern.charAt(at);
      if (next == '\\') {
        if (!escape(true)) {
          return null;
        }
      } else if (next == '[' || Character.isSurrogate(next)) {
        return null;
      } else {
        written.append(next == '^' || next == '&' ? "\\" : "").append(next);
        at++;
      }
      any = true;
    }
    if (!any || at == pattern.length()) {
      return null;
    }
    written.append(pattern.charAt(at++));
    return Cost.CHARACTER;
  }

  private boolean is(char expected) {
    return at < pattern.length() && pattern.charAt(at) == expected;
  }
}
