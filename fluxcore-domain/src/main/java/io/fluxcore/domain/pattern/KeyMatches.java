package io.fluxcore.domain.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a key has: the partial matches of each rule that has any. Not thread-safe. */
final class KeyMatches {
  /** Events of the key that were looked at so far. */
  long sequence;

  /** For when the key is registered among the deadlines; {@link Long#MAX_VALUE} if it is not. */
  long registered = Long.MAX_VALUE;

  final List<RuleMatches> rules = new ArrayList<>(1);

  @Nullable RuleMatches find(long fingerprint) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).fingerprint == fingerprint) {
        return rules.get(i);
      }
    }
    return null;
  }

  int size() {
    int size = 0;
    for (int i = 0; i < rules.size(); i++) {
      size += rules.get(i).size();
    }
    return size;
  }

  long deadline() {
    long deadline = Long.MAX_VALUE;
    for (int i = 0; i < rules.size(); i++) {
      deadline = Math.min(deadline, rules.get(i).deadline);
    }
    return deadline;
  }

  /** Forgets rules that have no partial match. */
  void tidy() {
    rules.removeIf(RuleMatches::isEmpty);
  }
}
