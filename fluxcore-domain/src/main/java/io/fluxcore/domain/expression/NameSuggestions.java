package io.fluxcore.domain.expression;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What may have been meant by a name that is not known. */
final class NameSuggestions {
  private static final int SHOWN = 20;

  private NameSuggestions() {}

  static String remedy(String name, Collection<String> known) {
    int tolerance = Math.max(1, name.length() / 3);
    List<String> near =
        known.stream()
            .filter(other -> distance(name, other) <= tolerance)
            .sorted(Comparator.comparingInt(other -> distance(name, other)))
            .limit(3)
            .toList();
    if (!near.isEmpty()) {
      return "did you mean '" + String.join("' or '", near) + "'?";
    }
    if (known.isEmpty()) {
      return "there are none";
    }
    String list = String.join(", ", known.stream().limit(SHOWN).toList());
    return "known are " + list + (known.size() > SHOWN ? ", …" : "");
  }

  /** Levenshtein's distance, case aside. */
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    if (Math.abs(a.length() - b.length()) > a.length()) {
      return Integer.MAX_VALUE;
    }
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
