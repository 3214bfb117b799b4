package io.fluxcore.domain.pattern;

import io.fluxcore.domain.expression.Condition;
import io.fluxcore.domain.pattern.NaivePatternSearch.Before;
import io.fluxcore.domain.pattern.NaivePatternSearch.Item;
import io.fluxcore.domain.pattern.NaivePatternSearch.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiPredicate;

/**
 * A pattern as it is declared, and as the naive search understands it.
 *
 * @param within milliseconds; 0 for none
 * @param skipTo number of the stage that skipping names
 */
record RandomPattern(
    Pattern pattern, List<Step> steps, long within, AfterMatchSkip.Strategy skip, int skipTo) {
  private static final String[] NAMES = {"s0", "s1", "s2", "s3", "s4"};

  static RandomPattern of(Random random) {
    boolean skips = random.nextInt(3) == 0;
    int size = 1 + random.nextInt(4);
    Builder builder = new Builder(random, skips);
    for (int s = 0; s < size; s++) {
      builder.add(s, s == size - 1);
    }
    return builder.build();
  }

  @Override
  public String toString() {
    return pattern.describe();
  }

  /** Adds stages to both. */
  private static final class Builder {
    private final Random random;
    private final boolean skips;
    private final List<Step> steps = new ArrayList<>();
    private Pattern pattern = Pattern.begin("none");

    Builder(Random random, boolean skips) {
      this.random = random;
      this.skips = skips;
    }

    void add(int s, boolean last) {
      Contiguity contiguity = contiguity(s, last);
      pattern = appended(s, contiguity);
      BiPredicate<Item, List<Before>> fits = condition(s, contiguity);
      int min = 1;
      int max = 1;
      boolean optional = false;
      Contiguity inner = Contiguity.FOLLOWED_BY;
      if (!contiguity.isNegated() && !skips) {
        switch (random.nextInt(5)) {
          case 0 -> {
            min = 1 + random.nextInt(2);
            max = isBehindNot(s) ? min : min + random.nextInt(3);
            pattern = pattern.times(min, max);
          }
          case 1 -> {
            min = 1 + random.nextInt(2);
            max = Quantifier.UNBOUNDED;
            pattern = pattern.timesOrMore(min);
          }
          default -> {}
        }
        if (max > 1) {
          inner = inner();
        }
        boolean mayBeOptional =
            s > 0
                && !(isBehindNot(s) && steps.get(s - 1).optional())
                && steps.get(s - 1).contiguity() != Contiguity.NOT_NEXT
                && !steps.get(s - 1).greedy();
        if (random.nextInt(4) == 0 && mayBeOptional) {
          optional = true;
          pattern = pattern.optional();
        }
      }
      // what a greedy stage takes from the one behind it is told of two plain stages
      boolean greedy = min != max && !isBehindNot(s) && random.nextInt(3) == 0;
      if (greedy) {
        pattern = pattern.greedy();
      }
      BiPredicate<Item, List<Before>> until = (item, before) -> false;
      if (max == Quantifier.UNBOUNDED && random.nextInt(3) == 0) {
        pattern = pattern.until("value = 4");
        until = (item, before) -> item.value() == 4;
      }
      steps.add(new Step(NAMES[s], contiguity, fits, min, max, optional, inner, greedy, until));
    }

    /**
     * What is not defined is not made: a stage that must not come behind an optional one. Behind a
     * range of times, Flink has it out of force where events are passed over; the naive search does
     * not.
     */
    private Contiguity contiguity(int s, boolean last) {
      if (s == 0) {
        return Contiguity.NEXT;
      }
      Step before = steps.get(s - 1);
      boolean isRange = before.max() != Quantifier.UNBOUNDED && before.max() > before.min();
      boolean mayNot =
          !before.optional() && !before.contiguity().isNegated() && !isRange && !before.greedy();
      if (mayNot && random.nextInt(5) == 0 && !(last && skips)) {
        // as the last stage, it is waited for behind a loop only when another event has come
        boolean isLoop = last && before.max() > 1;
        return isLoop || random.nextInt(3) == 0 ? Contiguity.NOT_NEXT : Contiguity.NOT_FOLLOWED_BY;
      }
      return switch (random.nextInt(skips ? 2 : 4)) {
        case 0 -> Contiguity.NEXT;
        case 3 -> Contiguity.FOLLOWED_BY_ANY;
        default -> Contiguity.FOLLOWED_BY;
      };
    }

    /**
     * Where events of a range of times, or of the second of two optional stages, are passed over,
     * Flink has a stage before them that must not come in force again; the naive search does not.
     */
    private boolean isBehindNot(int s) {
      for (int before = s - 1; before >= 0; before--) {
        if (steps.get(before).contiguity() == Contiguity.NOT_FOLLOWED_BY) {
          return true;
        }
        if (!steps.get(before).optional()) {
          return false;
        }
      }
      return false;
    }

    private Pattern appended(int s, Contiguity contiguity) {
      if (s == 0) {
        return Pattern.begin(NAMES[s]);
      }
      return switch (contiguity) {
        case NEXT -> pattern.next(NAMES[s]);
        case FOLLOWED_BY -> pattern.followedBy(NAMES[s]);
        case FOLLOWED_BY_ANY -> pattern.followedByAny(NAMES[s]);
        case NOT_NEXT -> pattern.notNext(NAMES[s]);
        case NOT_FOLLOWED_BY -> pattern.notFollowedBy(NAMES[s]);
      };
    }

    private Contiguity inner() {
      return switch (random.nextInt(4)) {
        case 0 -> {
          pattern = pattern.consecutive();
          yield Contiguity.NEXT;
        }
        case 1 -> {
          pattern = pattern.allowCombinations();
          yield Contiguity.FOLLOWED_BY_ANY;
        }
        default -> Contiguity.FOLLOWED_BY;
      };
    }

    /** What must not come is of a kind that nothing else asks for, so that no event is both. */
    private BiPredicate<Item, List<Before>> condition(int s, Contiguity contiguity) {
      if (contiguity == Contiguity.NOT_FOLLOWED_BY) {
        pattern = pattern.where("kind = 'd'");
        return (item, before) -> item.kind().equals("d");
      }
      String kind = String.valueOf((char) ('a' + random.nextInt(3)));
      BiPredicate<Item, List<Before>> isKind = (item, before) -> item.kind().equals(kind);
      switch (random.nextInt(6)) {
        case 0 -> {
          pattern = pattern.where("kind = '" + kind + "' or kind = 'b'").where("kind <> 'd'");
          return isKind.or((item, before) -> item.kind().equals("b"));
        }
        case 1 -> {
          pattern =
              pattern.where("kind = '" + kind + "' and coalesce(sum(s0.value), 0) + value < 6");
          return isKind.and((item, before) -> sumOfFirst(before) + item.value() < 6);
        }
        case 2 -> {
          pattern =
              pattern
                  .where(Condition.equalTo("kind", kind))
                  .where((event, context) -> context.events("s0").size() < 3);
          return isKind.and(
              (item, before) -> before.stream().filter(b -> b.step() == 0).count() < 3);
        }
        case 3 -> {
          pattern = pattern.where(event -> kind.equals(event.getString("kind")));
          return isKind;
        }
        default -> {
          pattern = pattern.where("kind = '" + kind + "'");
          return isKind;
        }
      }
    }

    private static long sumOfFirst(List<Before> before) {
      return before.stream().filter(b -> b.step() == 0).mapToLong(b -> b.item().value()).sum();
    }

    RandomPattern build() {
      // without a time a partial match may keep those that began after it waiting for ever
      boolean explodes = steps.stream().anyMatch(s -> s.inner() == Contiguity.FOLLOWED_BY_ANY);
      Step last = steps.get(steps.size() - 1);
      boolean waits = last.contiguity() == Contiguity.NOT_FOLLOWED_BY;
      long within =
          !skips && !explodes && !waits && random.nextInt(3) == 0 ? 0 : 5 + random.nextInt(30);
      if (within > 0) {
        pattern = pattern.within(Duration.ofMillis(within));
      }
      AfterMatchSkip.Strategy strategy = AfterMatchSkip.Strategy.NO_SKIP;
      int skipTo = -1;
      if (skips) {
        strategy = AfterMatchSkip.Strategy.values()[1 + random.nextInt(4)];
        skipTo = random.nextInt(steps.size());
        boolean named = strategy.hasStage();
        pattern = pattern.skip(new AfterMatchSkip(strategy, named ? NAMES[skipTo] : null, false));
      }
      return new RandomPattern(pattern, steps, within, strategy, skipTo);
    }
  }
}
