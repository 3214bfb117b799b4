package io.fluxcore.infrastructure.regex;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.fluxcore.domain.expression.RegexMatch;
import io.fluxcore.domain.expression.RegexProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A program of RE2/J.
 *
 * @param bounded the same, where Java's search is linear as well
 */
record LinearRegexProgram(Pattern compiled, @Nullable BoundedPattern bounded)
    implements RegexProgram {
  @Override
  public String pattern() {
    return compiled.pattern();
  }

  @Override
  public boolean find(CharSequence input) {
    return bounded != null ? bounded.find(input) != null : compiled.matcher(input).find();
  }

  @Override
  public boolean matches(CharSequence input) {
    return bounded != null
        ? bounded.compiled().matcher(input).matches()
        : compiled.matcher(input).matches();
  }

  @Override
  public int groupCount() {
    return compiled.groupCount();
  }

  @Override
  public @Nullable RegexMatch match(CharSequence input) {
    if (bounded != null) {
      java.util.regex.Matcher matcher = bounded.compiled().matcher(input);
      return matcher.matches() ? new Match(matcher.start(), matcher::group, matcher::group) : null;
    }
    Matcher matcher = compiled.matcher(input);
    return matcher.matches() ? new Match(matcher.start(), matcher::group, matcher::group) : null;
  }

  @Override
  public @Nullable RegexMatch findFirst(CharSequence input) {
    if (bounded != null) {
      java.util.regex.Matcher matcher = bounded.find(input);
      return matcher != null ? new Match(matcher.start(), matcher::group, matcher::group) : null;
    }
    Matcher matcher = compiled.matcher(input);
    return matcher.find() ? new Match(matcher.start(), matcher::group, matcher::group) : null;
  }

  @Override
  public List<RegexMatch> findAll(CharSequence input) {
    List<RegexMatch> all = new ArrayList<>();
    Matcher matcher = compiled.matcher(input);
    while (matcher.find()) {
      all.add(new Found(matcher, compiled.groupCount()));
    }
    return all;
  }

  @Override
  public String replaceAll(CharSequence input, String replacement) {
    return compiled.matcher(input).replaceAll(replacement);
  }

  /** One of several matches: the matcher goes on to the next one. */
  private static final class Found implements RegexMatch {
    private final int start;
    private final @Nullable String[] groups;
    private final Map<String, Integer> names;

    Found(Matcher matcher, int groupCount) {
      this.start = matcher.start();
      this.names = matcher.pattern().namedGroups();
      this.groups = new @Nullable String[groupCount + 1];
      for (int i = 0; i <= groupCount; i++) {
        groups[i] = matcher.group(i);
      }
    }

    @Override
    public int start() {
      return start;
    }

    @Override
    public @Nullable String group(int group) {
      return groups[group];
    }

    @Override
    public @Nullable String group(String name) {
      Integer group = names.get(name);
      if (group == null) {
        throw new IllegalArgumentException("there is no group '" + name + "'");
      }
      return groups[group];
    }
  }

  private record Match(
      int start, IntFunction<@Nullable String> numbered, Function<String, @Nullable String> named)
      implements RegexMatch {
    @Override
    public @Nullable String group(int group) {
      return numbered.apply(group);
    }

    @Override
    public @Nullable String group(String name) {
      return named.apply(name);
    }
  }
}
