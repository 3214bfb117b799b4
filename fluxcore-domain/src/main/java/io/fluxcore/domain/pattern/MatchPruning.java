package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.List;

/** Which matches are given up when one is found: {@link AfterMatchSkip} at work. */
final class MatchPruning {
  private final AfterMatchSkip skip;
  private final int stage;

  MatchPruning(PatternProgram program) {
    this.skip = program.skip();
    this.stage = skip.stage() == null ? -1 : program.stages().indexOf(skip.stage());
  }

  boolean isSkipping() {
    return skip.strategy() != AfterMatchSkip.Strategy.NO_SKIP;
  }

  /**
   * Hands on the matches that no partial match began before, the earliest first, and gives up what
   * they skip.
   *
   * @param waiting matches that were found earlier, in the order of their first events
   * @param found matches that were found now
   * @param partials what may still become a match, in that order; given up ones are taken out
   * @return matches that have to wait
   */
  List<PartialMatch> release(
      List<PartialMatch> waiting,
      List<PartialMatch> found,
      List<PartialMatch> partials,
      long time,
      MatchListener listener) {
    List<PartialMatch> all = new ArrayList<>(waiting);
    for (PartialMatch match : found) {
      int at = all.size();
      while (at > 0 && all.get(at - 1).startSequence > match.startSequence) {
        at--;
      }
      all.add(at, match);
    }
    while (!all.isEmpty()
        && (partials.isEmpty() || all.get(0).startSequence <= partials.get(0).startSequence)) {
      PartialMatch match = all.remove(0);
      long givenUp = lastGivenUp(match);
      all.removeIf(other -> other.startSequence <= givenUp);
      partials.removeIf(other -> other.startSequence <= givenUp);
      listener.matched(match, time);
    }
    return all.isEmpty() ? List.of() : all;
  }

  /** Matches that begin with this event of the key, or before it, are given up. */
  private long lastGivenUp(PartialMatch match) {
    return switch (skip.strategy()) {
      case NO_SKIP -> Long.MIN_VALUE;
      case TO_NEXT -> match.startSequence;
      case PAST_LAST_EVENT -> match.last.event.sequence;
      case TO_FIRST, TO_LAST -> beforeStage(match);
    };
  }

  private long beforeStage(PartialMatch match) {
    HeldEvent[] events = Link.events(match.last, stage);
    if (events.length == 0) {
      if (skip.failing()) {
        throw failed("it has no event for '" + skip.stage() + "'");
      }
      return Long.MIN_VALUE;
    }
    boolean first = skip.strategy() == AfterMatchSkip.Strategy.TO_FIRST;
    long target = events[first ? 0 : events.length - 1].sequence;
    if (skip.failing() && target == match.startSequence) {
      throw failed("'" + skip.stage() + "' is its first event");
    }
    return target - 1;
  }

  private FluxCoreException failed(String why) {
    return new FluxCoreException(
        ErrorCategory.USER,
        Diagnostic.error(
            "FLX-PATTERN-0020",
            Place.of("after a match"),
            skip + ": the match has nothing to skip to, since " + why,
            "leave out 'or fail', or skip otherwise"));
  }
}
