package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The reference of the port: the JDK's regular expressions. They are not linear in time, so they
 * are for tests only.
 */
public final class JdkRegexCompiler implements RegexCompiler {
  public static final JdkRegexCompiler INSTANCE = new JdkRegexCompiler();

  @Override
  public RegexProgram compile(String pattern) {
    try {
      return new JdkProgram(Pattern.compile(pattern.replace("(?P<", "(?<")));
    } catch (PatternSyntaxException e) {
      throw FluxCoreException.user(
          "FLX-REGEX-0001",
          Place.at(1, Math.max(0, e.getIndex()) + 1),
          "'" + pattern + "' is not a regular expression: " + e.getDescription(),
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
    public List<RegexMatch> findAll(CharSequence input) {
      List<RegexMatch> all = new ArrayList<>();
      Matcher matcher = compiled.matcher(input);
      for (int from = 0; from <= input.length() && matcher.find(from); ) {
        Matcher own = compiled.matcher(input);
        boolean unused = own.find(matcher.start());
        all.add(new JdkMatch(own));
        from = matcher.end() > matcher.start() ? matcher.end() : matcher.end() + 1;
      }
      return all;
    }

    @Override
    public String replaceAll(CharSequence input, String replacement) {
      return compiled.matcher(input).replaceAll(replacement);
    }
  }

  private record JdkMatch(Matcher matcher) implements RegexMatch {
    @Override
    public int start() {
      return matcher.start();
    }

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
