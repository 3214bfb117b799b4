package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.domain.aggregate.AggregateCall.Kind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The aggregates by the names that the Java builder has for them. */
final class AggregateWords {
  static final Map<String, Kind> BY_WORD = byWord();

  private AggregateWords() {}

  private static Map<String, Kind> byWord() {
    Map<String, Kind> words = new LinkedHashMap<>();
    words.put("count", Kind.COUNT);
    words.put("countDistinct", Kind.COUNT_DISTINCT);
    words.put("sum", Kind.SUM);
    words.put("average", Kind.AVG);
    words.put("min", Kind.MIN);
    words.put("max", Kind.MAX);
    return Collections.unmodifiableMap(words);
  }

  static Kind kind(String word) {
    Kind kind = BY_WORD.get(word);
    if (kind == null) {
      throw new IllegalArgumentException("'" + word + "' is no aggregate");
    }
    return kind;
  }

  static String word(Kind kind) {
    return BY_WORD.entrySet().stream()
        .filter(e -> e.getValue() == kind)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(kind + " has no word in job files"));
  }
}
