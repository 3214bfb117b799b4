package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.NearestName;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** What may have been meant by a name that is not known. */
final class NameSuggestions {
  private static final int SHOWN = 20;
  private static final int LARGEST_DISTANCE = 5;

  private NameSuggestions() {}

  static String remedy(String name, Collection<String> known) {
    int tolerance = Math.max(1, Math.min(name.length() / 3, LARGEST_DISTANCE));
    List<String> near =
        known.stream()
            .filter(other -> NearestName.distance(name, other) <= tolerance)
            .sorted(Comparator.comparingInt(other -> NearestName.distance(name, other)))
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
}
