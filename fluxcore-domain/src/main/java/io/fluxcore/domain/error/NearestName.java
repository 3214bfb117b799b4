package io.fluxcore.domain.error;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the name that a misspelt one was probably meant to be (Levenshtein's distance). */
public final class NearestName {
  private NearestName() {}

  /** The known name nearest to {@code given}, or null where none is near. */
  public static @Nullable String of(String given, Collection<String> known) {
    String best = null;
    int bestDistance = Math.max(2, given.length() / 3) + 1;
    for (String name : known) {
      int distance = distance(given, name);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = name;
      }
    }
    return best;
  }

  /** {@code did you mean 'x'? fields are a, b} as a remedy. */
  public static String remedy(String given, Collection<String> known, String knownAre) {
    String nearest = of(given, known);
    String list = known.isEmpty() ? "" : knownAre + " " + String.join(", ", known);
    return nearest == null ? list : "did you mean '" + nearest + "'? " + list;
  }

  /** Levenshtein's distance, case aside. */
  public static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
