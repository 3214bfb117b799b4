package io.fluxcore.domain.pattern;

import io.fluxcore.domain.pattern.NaivePatternSearch.Before;
import io.fluxcore.domain.pattern.NaivePatternSearch.Item;
import io.fluxcore.domain.pattern.NaivePatternSearch.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;

/**
 * Patterns with a group that comes so many times, which is the same as its stages so many times in
 * turn: that is what the naive search gets.
 */
final class RandomGroup {
  private final Random random;
  private final List<Step> steps = new ArrayList<>();

  private RandomGroup(Random random) {
    this.random = random;
  }

  static RandomPattern of(Random random) {
    return new RandomGroup(random).pattern();
  }

  private RandomPattern pattern() {
    int size = 1 + random.nextInt(3);
    int times = 1 + random.nextInt(3);
    List<Contiguity> within = new ArrayList<>();
    List<String> kinds = new ArrayList<>();
    for (int s = 0; s < size; s++) {
      within.add(s == 0 ? Contiguity.NEXT : contiguity());
      kinds.add(kind());
    }
    boolean isFirst = random.nextBoolean();
    String first = kind();
    Contiguity outer = isFirst ? Contiguity.NEXT : contiguity();
    Contiguity again = times == 1 ? Contiguity.FOLLOWED_BY : contiguity();
    if (!isFirst) {
      add("first", Contiguity.NEXT, first);
    }
    for (int t = 0; t < times; t++) {
      for (int s = 0; s < size; s++) {
        add("g" + s, s > 0 ? within.get(s) : t == 0 ? outer : again, kinds.get(s));
      }
    }
    Pattern pattern = declared(group(within, kinds), isFirst, first, outer);
    pattern = times > 1 ? repeated(pattern.times(times), again) : pattern;
    if (random.nextBoolean()) {
      Contiguity contiguity = contiguity();
      String kind = kind();
      pattern = behind(pattern, "last", contiguity).where("kind = '" + kind + "'");
      add("last", contiguity, kind);
    }
    long bound = 5 + random.nextInt(30);
    return new RandomPattern(
        pattern.within(Duration.ofMillis(bound)),
        steps,
        bound,
        AfterMatchSkip.Strategy.NO_SKIP,
        -1);
  }

  private static Pattern group(List<Contiguity> contiguities, List<String> kinds) {
    Pattern group = Pattern.begin("g0").where("kind = '" + kinds.get(0) + "'");
    for (int s = 1; s < kinds.size(); s++) {
      group = behind(group, "g" + s, contiguities.get(s)).where("kind = '" + kinds.get(s) + "'");
    }
    return group;
  }

  private static Pattern declared(
      Pattern group, boolean isFirst, String first, Contiguity contiguity) {
    if (isFirst) {
      return Pattern.begin(group);
    }
    Pattern before = Pattern.begin("first").where("kind = '" + first + "'");
    return switch (contiguity) {
      case NEXT -> before.next(group);
      case FOLLOWED_BY -> before.followedBy(group);
      default -> before.followedByAny(group);
    };
  }

  private static Pattern repeated(Pattern pattern, Contiguity again) {
    return switch (again) {
      case NEXT -> pattern.consecutive();
      case FOLLOWED_BY -> pattern;
      default -> pattern.allowCombinations();
    };
  }

  private static Pattern behind(Pattern pattern, String name, Contiguity contiguity) {
    return switch (contiguity) {
      case NEXT -> pattern.next(name);
      case FOLLOWED_BY -> pattern.followedBy(name);
      default -> pattern.followedByAny(name);
    };
  }

  private void add(String name, Contiguity contiguity, String kind) {
    BiPredicate<Item, List<Before>> fits = (item, before) -> item.kind().equals(kind);
    steps.add(
        new Step(
            name, contiguity, fits, 1, 1, false, Contiguity.FOLLOWED_BY, false, (i, b) -> false));
  }

  private Contiguity contiguity() {
    return switch (random.nextInt(3)) {
      case 0 -> Contiguity.NEXT;
      case 1 -> Contiguity.FOLLOWED_BY;
      default -> Contiguity.FOLLOWED_BY_ANY;
    };
  }

  private String kind() {
    return String.valueOf((char) ('a' + random.nextInt(3)));
  }
}
