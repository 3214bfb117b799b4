package io.fluxcore.application.connector.kit;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.expression.RegexMatch;
import io.fluxcore.domain.expression.RegexProgram;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Regular expressions of the JDK: not linear in time, so for tests only. */
public enum JdkRegexCompiler implements RegexCompiler {
  INSTANCE;

  @Override
  public RegexProgram compile(String pattern) {
    try {
      return new JdkProgram(Pattern.compile(pattern.replace("(?P<", "(?<")));
    } catch (PatternSyntaxException e) {
      throw FluxCoreException.user(
          "FLX-REGEX-0001",
          Place.at(1, e.getIndex() + 1),
          "'" + pattern + "' is no regular expression: " + e.getDescription(),
          "mend the pattern");
    }
  }

  private record JdkProgram(Pattern compiled) implements RegexProgram {
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
      return compiled.matcher("").groupCount();
    }

    @Override
    public @Nullable RegexMatch match(CharSequence input) {
      Matcher matcher = compiled.matcher(input);
      return matcher.matches() ? new JdkMatch(matcher) : null;
    }

    @Override
    public @Nullable RegexMatch findFirst(CharSequence input) {
      Matcher matcher = compiled.matcher(input);
      return matcher.find() ? new JdkMatch(matcher) : null;
    }

    @Override
    public String replaceAll(CharSequence input, String replacement) {
      return compiled.matcher(input).replaceAll(replacement);
    }
  }

  private record JdkMatch(Matcher matcher) implements RegexMatch {
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
