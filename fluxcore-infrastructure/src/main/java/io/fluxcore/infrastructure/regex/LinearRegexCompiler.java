package io.fluxcore.infrastructure.regex;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.expression.RegexProgram;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the syntax of RE2 (<a href="https://github.com/google/re2/wiki/Syntax">RE2 syntax</a>);
 * a named group may be written {@code (?<name>…)} as in Java or {@code (?P<name>…)}. There are no
 * back references and no look-around, since these cannot be matched in linear time. Thread-safe.
 */
public final class LinearRegexCompiler implements RegexCompiler {
  private static final int LONGEST_PATTERN = 10_000;

  /** A compiler; it has no settings. */
  public LinearRegexCompiler() {}

  @Override
  public RegexProgram compile(String pattern) {
    if (pattern.length() > LONGEST_PATTERN) {
      throw error(
          Place.WHOLE,
          "the regular expression has "
              + pattern.length()
              + " characters, and at most "
              + LONGEST_PATTERN
              + " are allowed",
          "make it shorter",
          null);
    }
    try {
      return new LinearRegexProgram(Pattern.compile(pattern), BoundedPattern.of(pattern));
    } catch (PatternSyntaxException e) {
      String part = e.getPattern() == null ? "" : e.getPattern();
      throw error(
          placeOf(pattern, part),
          "'"
              + pattern
              + "' is not a regular expression: "
              + e.getDescription()
              + (part.isEmpty() ? "" : ": " + part),
          remedy(e.getDescription(), part),
          e);
    }
  }

  private static FluxCoreException error(
      Place place, String message, String remedy, @Nullable PatternSyntaxException cause) {
    return new FluxCoreException(
        ErrorCategory.USER,
        List.of(Diagnostic.error("FLX-REGEX-0001", place, message, remedy)),
        cause);
  }

  /** RE2/J names the part that is wrong, not where it is. */
  private static Place placeOf(String pattern, String part) {
    int index = part.isEmpty() ? -1 : pattern.indexOf(part);
    int offset = index < 0 ? 0 : index;
    int line = 1 + (int) pattern.chars().limit(offset).filter(c -> c == '\n').count();
    int column = offset - (pattern.lastIndexOf('\n', offset - 1) + 1) + 1;
    return Place.at(line, column);
  }

  private static String remedy(String description, String part) {
    boolean around = part.startsWith("(?=") || part.startsWith("(?!") || part.startsWith("(?<");
    boolean back = part.matches("\\\\[1-9k].*");
    return around || back
        ? "look-around and back references cannot be matched in linear time; say it without them"
        : "correct it: " + description;
  }
}
