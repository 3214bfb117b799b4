package io.fluxcore.infrastructure.regex;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.fluxcore.domain.expression.RegexMatch;
import io.fluxcore.domain.expression.RegexProgram;
import org.jspecify.annotations.Nullable;

/** A program of RE2/J. */
record LinearRegexProgram(Pattern compiled) implements RegexProgram {
  @Override
  public String pattern() {
    return compiled.pattern();
  }

  @Override
  public boolean find(CharSequence input) {
    return compiled.matcher(input).find();
  }

  @Override
  public boolean matches(CharSequence input) {
    return compiled.matcher(input).matches();
  }

  @Override
  public int groupCount() {
    return compiled.groupCount();
  }

  @Override
  public @Nullable RegexMatch match(CharSequence input) {
    Matcher matcher = compiled.matcher(input);
    return matcher.matches() ? new Match(matcher) : null;
  }

  @Override
  public @Nullable RegexMatch findFirst(CharSequence input) {
    Matcher matcher = compiled.matcher(input);
    return matcher.find() ? new Match(matcher) : null;
  }

  @Override
  public String replaceAll(CharSequence input, String replacement) {
    return compiled.matcher(input).replaceAll(replacement);
  }

  private record Match(Matcher matcher) implements RegexMatch {
    @Override
    public @Nullable String group(int group) {
      return matcher.group(group);
    }

    @Override
    public @Nullable String group(String name) {
      return matcher.group(name);
    }
  }
}
