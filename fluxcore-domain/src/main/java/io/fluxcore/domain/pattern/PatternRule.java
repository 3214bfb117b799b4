package io.fluxcore.domain.pattern;

import io.fluxcore.domain.event.Schema;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A pattern with a name, and what is told of its matches. Immutable.
 *
 * @param id unique among the rules of an operator; alerts carry it
 * @param pattern what is looked for
 * @param measures by name, expressions over the stages of a match: {@code last(c.price) -
 *     first(a.price)}
 */
public record PatternRule(String id, Pattern pattern, Map<String, String> measures) {
  public PatternRule {
    measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
  }

  /** A rule without measures. */
  public PatternRule(String id, Pattern pattern) {
    this(id, pattern, Map.of());
  }

  /**
   * A number that is another one when the pattern, or the events' schema, is another one: partial
   * matches belong to the rule as it was when they began.
   */
  long fingerprint(Schema events) {
    long hash = 0xcbf29ce484222325L; // FNV-1a
    String text = id + '\n' + pattern.describe() + '\n' + events;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
