package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.expression.RegexMatch;
import io.fluxcore.domain.expression.RegexProgram;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A regular expression whose named groups, {@code (?<name>…)}, are the fields. */
final class RegexPattern implements LinePattern {
  private static final Pattern GROUP = Pattern.compile("\\\\.|\\(\\?P?<([A-Za-z][A-Za-z0-9_]*)>");

  private final RegexProgram program;
  private final List<String> names;

  private final boolean latin1;

  private RegexPattern(RegexProgram program, List<String> names, boolean latin1) {
    this.program = program;
    this.names = List.copyOf(names);
    this.latin1 = latin1;
  }

  /**
   * The pattern of an expression.
   *
   * @throws FluxCoreException if it is malformed or has no named group
   */
  static RegexPattern of(String regex, RegexCompiler compiler, boolean latin1) {
    RegexProgram program = compiler.compile(regex);
    List<String> names = new ArrayList<>();
    Matcher groups = GROUP.matcher(regex);
    while (groups.find()) {
      String name = groups.group(1);
      if (name != null && !names.contains(name)) {
        names.add(name);
      }
    }
    if (names.isEmpty()) {
      throw FluxCoreException.user(
          "FLX-FORMAT-0103",
          Place.of("pattern"),
          "'" + regex + "' has no named group, so it gives no field",
          "write (?<name>…) around each field, or name one of " + NamedPattern.names());
    }
    return new RegexPattern(program, names, latin1);
  }

  @Override
  public List<String> names() {
    return names;
  }

  /** Matches the line as text, so a line that is not in the encoding is bad as a whole. */
  @Override
  public void split(byte[] line, int from, int to, FieldSpans spans) {
    RegexMatch match = program.match(TextField.string(TextFormat.LINE, line, from, to, latin1));
    if (match == null) {
      throw LinePattern.noMatch("the pattern", line, from, to);
    }
    for (int i = 0; i < names.size(); i++) {
      String text = match.group(names.get(i));
      if (text == null) {
        spans.setAbsent(i);
      } else {
        byte[] bytes = text.getBytes(latin1 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        spans.set(i, bytes, 0, bytes.length);
      }
    }
  }
}
