package io.fluxcore.domain.pattern;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Finds matches by trying everything: from each event on, what is waited for after it, event by
 * event. It knows no automaton: a wait is a stage, how many of its events there are, and the events
 * so far. Of patterns without groups.
 */
final class NaivePatternSearch {
  /** An event of the model. */
  record Item(long time, String key, String kind, long value) {}

  /**
   * A stage.
   *
   * @param fits whether an event fits, given what the match has
   * @param inner how its events follow each other
   * @param greedy whether what fits it belongs to it and not to the stage behind it
   * @param until what ends its loop
   */
  record Step(
      String name,
      Contiguity contiguity,
      BiPredicate<Item, List<Before>> fits,
      int min,
      int max,
      boolean optional,
      Contiguity inner,
      boolean greedy,
      BiPredicate<Item, List<Before>> until) {}

  /** An event as one of a stage. */
  record Taken(int step, int item) {}

  /** The same with the event itself, as conditions see it. */
  record Before(int step, Item item) {}

  /**
   * What is waited for.
   *
   * @param step number of the stage; that behind the last one if only what must not come is left
   * @param notNext number of the stage that the very next event must not fit; -1: of none
   * @param greedy number of the stage before, to which an event belongs that fits it; -1: to none
   * @param isFresh whether no event has been looked at, so that one may end the loop before
   */
  private record Wait(
      int step,
      int count,
      List<Taken> taken,
      List<Integer> notFollowed,
      int notNext,
      int greedy,
      boolean isFresh) {
    Wait seen(boolean ended) {
      return new Wait(step, count, taken, notFollowed, -1, ended ? -1 : greedy, false);
    }
  }

  /**
   * A match.
   *
   * @param end number of the event that completed it
   */
  record Match(List<Taken> taken, int end) {
    int start() {
      return taken.get(0).item();
    }
  }

  private final List<Step> steps;
  private final long within;
  private final List<Item> items;
  private final List<Match> matches = new ArrayList<>();

  NaivePatternSearch(List<Step> steps, long within, List<Item> items) {
    this.steps = steps;
    this.within = within;
    this.items = items;
  }

  /** All matches of the events, which are of one key and in order, without skipping. */
  List<Match> all() {
    for (int first = 0; first < items.size(); first++) {
      List<Wait> waits = new ArrayList<>();
      for (Wait start : waitsFrom(0, List.of(), List.of(), false)) {
        take(start, first, waits);
      }
      for (int next = first + 1; next < items.size(); next++) {
        if (within > 0 && items.get(next).time() - items.get(first).time() >= within) {
          break;
        }
        waits = after(waits, next);
      }
      for (Wait wait : waits) {
        if (wait.step() == steps.size() && wait.notNext() < 0) {
          matches.add(new Match(wait.taken(), items.size())); // its time is over
        }
      }
    }
    return matches;
  }

  /** What is left of all matches when each gives up those that began before some event. */
  List<Match> skipping(AfterMatchSkip.Strategy strategy, int stage) {
    List<Match> ordered = new ArrayList<>(all());
    ordered.sort(Comparator.comparingInt(Match::start).thenComparingInt(Match::end));
    List<Match> left = new ArrayList<>();
    int givenUp = -1;
    for (Match match : ordered) {
      if (match.start() > givenUp) {
        left.add(match);
        givenUp = Math.max(givenUp, lastGivenUp(match, strategy, stage));
      }
    }
    return left;
  }

  private static int lastGivenUp(Match match, AfterMatchSkip.Strategy strategy, int stage) {
    List<Integer> ofStage =
        match.taken().stream().filter(t -> t.step() == stage).map(Taken::item).toList();
    return switch (strategy) {
      case NO_SKIP -> -1;
      case TO_NEXT -> match.start();
      case PAST_LAST_EVENT -> match.taken().get(match.taken().size() - 1).item();
      case TO_FIRST -> ofStage.isEmpty() ? -1 : ofStage.get(0) - 1;
      case TO_LAST -> ofStage.isEmpty() ? -1 : ofStage.get(ofStage.size() - 1) - 1;
    };
  }

  private List<Wait> after(List<Wait> waits, int item) {
    List<Wait> next = new ArrayList<>();
    for (Wait before : waits) {
      Item event = items.get(item);
      if (before.notNext() >= 0 && fits(before.notNext(), event, before.taken())) {
        continue;
      }
      if (before.notNext() >= 0 && before.step() == steps.size()) {
        matches.add(new Match(before.taken(), item));
        continue;
      }
      boolean ended =
          before.isFresh()
              && before.greedy() >= 0
              && isEnded(before.greedy(), event, before.taken());
      Wait wait = before.seen(ended);
      if (wait.greedy() >= 0 && fits(wait.greedy(), event, wait.taken())) {
        continue;
      }
      boolean stopped = wait.notFollowed().stream().anyMatch(n -> fits(n, event, wait.taken()));
      List<Wait> become = new ArrayList<>();
      if (wait.step() == steps.size()) {
        become.add(wait);
      } else {
        take(wait, item, become);
      }
      if (wait.step() < steps.size() && ignores(wait, event)) {
        become.add(wait);
      }
      if (!stopped) {
        next.addAll(become);
      }
    }
    return next;
  }

  private boolean fits(int step, Item event, List<Taken> taken) {
    List<Before> before =
        taken.stream().map(t -> new Before(t.step(), items.get(t.item()))).toList();
    return steps.get(step).fits().test(event, before);
  }

  private boolean isEnded(int step, Item event, List<Taken> taken) {
    List<Before> before =
        taken.stream().map(t -> new Before(t.step(), items.get(t.item()))).toList();
    return steps.get(step).until().test(event, before);
  }

  private boolean ignores(Wait wait, Item event) {
    Step step = steps.get(wait.step());
    if (wait.count() > 0 && isEnded(wait.step(), event, wait.taken())) {
      return false;
    }
    Contiguity contiguity = wait.count() == 0 ? step.contiguity() : step.inner();
    return switch (contiguity) {
      case FOLLOWED_BY -> !fits(wait.step(), event, wait.taken());
      case FOLLOWED_BY_ANY -> true;
      default -> false;
    };
  }

  private void take(Wait wait, int item, List<Wait> next) {
    Step step = steps.get(wait.step());
    if (!fits(wait.step(), items.get(item), wait.taken())
        || isEnded(wait.step(), items.get(item), wait.taken())) {
      return;
    }
    List<Taken> taken = new ArrayList<>(wait.taken());
    taken.add(new Taken(wait.step(), item));
    int count = wait.count() + 1;
    if (count < step.max()) {
      int behind = wait.step() + 1;
      List<Integer> nots =
          behind < steps.size() && steps.get(behind).contiguity() == Contiguity.NOT_FOLLOWED_BY
              ? List.of(behind)
              : List.of();
      boolean mayEnd = count >= step.min() && behind < steps.size();
      int notNext = mayEnd && steps.get(behind).contiguity() == Contiguity.NOT_NEXT ? behind : -1;
      next.add(new Wait(wait.step(), count, taken, nots, notNext, -1, false));
    }
    if (count >= step.min()) {
      if (isEnd(wait.step() + 1)) {
        matches.add(new Match(taken, item));
      }
      next.addAll(waitsFrom(wait.step() + 1, taken, List.of(), true));
    }
  }

  /** A stage that must not come before others, none of which needs to come, is not waited for. */
  private boolean isEnd(int step) {
    for (int s = step; s < steps.size(); s++) {
      boolean isPassed =
          steps.get(s).contiguity() == Contiguity.NOT_FOLLOWED_BY && s < steps.size() - 1;
      if (!isPassed && !steps.get(s).optional()) {
        return false;
      }
    }
    return true;
  }

  private List<Wait> waitsFrom(
      int step, List<Taken> taken, List<Integer> nots, boolean isBehindAnother) {
    List<Wait> waits = new ArrayList<>();
    List<Integer> inForce = new ArrayList<>(nots);
    int notNext = -1;
    for (int s = step; s < steps.size(); s++) {
      if (isBehindAnother && steps.get(s).contiguity() == Contiguity.NOT_FOLLOWED_BY) {
        inForce.add(s);
      } else if (steps.get(s).contiguity() == Contiguity.NOT_NEXT) {
        notNext = s;
      } else {
        int greedy = s > 0 && steps.get(s - 1).greedy() ? s - 1 : -1;
        waits.add(new Wait(s, 0, taken, List.copyOf(inForce), notNext, greedy, true));
        if (!steps.get(s).optional()) {
          return waits;
        }
      }
    }
    if (steps.get(steps.size() - 1).contiguity().isNegated()) {
      waits.add(new Wait(steps.size(), 0, taken, List.copyOf(inForce), notNext, -1, true));
    }
    return waits;
  }

  /** A match in words: {@code {a=[1, 4], b=[7]}}, of the times of events. */
  String text(Match match) {
    Map<String, List<Long>> times = new LinkedHashMap<>();
    match
        .taken()
        .forEach(
            t ->
                times
                    .computeIfAbsent(steps.get(t.step()).name(), name -> new ArrayList<>())
                    .add(items.get(t.item()).time()));
    return times.toString();
  }
}
