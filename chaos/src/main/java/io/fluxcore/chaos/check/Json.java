package io.fluxcore.chaos.check;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Objects of a line without anything nested. */
final class Json {
  private static final Pattern MEMBER =
      Pattern.compile("\\s*\"([^\"\\\\]*)\"\\s*:\\s*(?:\"([^\"\\\\]*)\"|(-?[0-9]+)|null)\\s*(,|$)");

  private Json() {}

  /**
   * Members by name, as they are written; one that is null is left out.
   *
   * @throws IllegalArgumentException if the line is anything else
   */
  static Map<String, String> members(String line) {
    String text = line.strip();
    if (!text.startsWith("{") || !text.endsWith("}")) {
      throw new IllegalArgumentException("no object: " + line);
    }
    Map<String, String> members = new HashMap<>();
    Matcher matcher = MEMBER.matcher(text.substring(1, text.length() - 1));
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() != end) {
        break;
      }
      end = matcher.end();
      String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
      if (value != null) {
        members.put(matcher.group(1), value);
      }
    }
    if (end != text.length() - 2) {
      throw new IllegalArgumentException("not a flat object: " + line);
    }
    return members;
  }
}
