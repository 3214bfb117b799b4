package io.fluxcore.infrastructure.regex;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.expression.RegexProgram;

/**
 * Compiles regular expressions with RE2/J: time linear in the input, so no pattern of a user can
 * stop a job; no back references, no look-around. Named groups are {@code (?P<name>…)} or {@code
 * (?<name>…)}. Thread-safe.
 */
public final class Re2RegexCompiler implements RegexCompiler {
  @Override
  public RegexProgram compile(String pattern) {
    try {
      return new Re2Program(pattern, Pattern.compile(named(pattern)));
    } catch (PatternSyntaxException e) {
      throw FluxCoreException.user(
          "FLX-REGEX-0001",
          Place.at(1, Math.max(0, pattern.indexOf(e.getPattern())) + 1),
          "'" + pattern + "' is no regular expression: " + e.getDescription(),
          "RE2 syntax has neither back references nor look-around");
    }
  }

  /** RE2/J knows one spelling of named groups. */
  private static String named(String pattern) {
    StringBuilder spelled = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        spelled.append(c).append(pattern.charAt(++i));
      } else if (pattern.startsWith("(?<", i) && isName(pattern, i + 3)) {
        spelled.append("(?P<");
        i += 2;
      } else {
        spelled.append(c);
      }
    }
    return spelled.toString();
  }

  private static boolean isName(String pattern, int at) {
    return at < pattern.length() && Character.isLetter(pattern.charAt(at));
  }
}
