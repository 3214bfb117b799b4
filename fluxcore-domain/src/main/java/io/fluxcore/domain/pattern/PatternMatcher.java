package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.pattern.PatternProgram.Action;
import io.fluxcore.domain.pattern.PatternProgram.Edge;
import io.fluxcore.domain.pattern.PatternProgram.Kind;
import io.fluxcore.domain.pattern.PatternProgram.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link PatternProgram} over the events of keys. The partial matches of a key are handed in
 * with each event, so that one matcher serves all keys of a subtask. Events of a key come in the
 * order of their times. Not thread-safe.
 *
 * <p>Conditions on the event alone are decided before, for whole batches: the caller hands in which
 * of them are true. Those on a match are asked when a guard depends on them.
 *
 * <p>The program is laid out in arrays: the edges of state s are those from {@code firstEdge[s]} to
 * {@code firstEdge[s + 1]}.
 */
final class PatternMatcher {
  private final PatternProgram program;
  private final @Nullable MatchCondition[] ofMatch;
  private final long ofEvent;
  private final MatchPruning pruning;
  private final Kind[] kinds;
  private final int[] stages;
  private final long[] gaps;
  private final boolean[] calm;
  private final int[] firstEdge;
  private final Action[] actions;
  private final int[] sources;
  private final int[] targets;
  private final long[] edgeGaps;
  private final long[][] required;
  private final long[][] forbidden;
  private final boolean startsWithoutCondition;

  /** Of each way in which a match may begin: conditions on the event that must be true, or not. */
  private final long[] startMust;

  private final long[] startMustNot;

  // of the event and the partial match that are looked at
  private CurrentEvent event;
  private long bits;
  private @Nullable Link before;
  private long previousTime;
  private long known;
  private long values;
  private @Nullable RecordException failure;

  // scratch memory
  private int[] stack = new int[16];
  private int[] found = new int[16];
  private int foundCount;
  private boolean stopped;
  private final List<PartialMatch> next = new ArrayList<>();
  private final List<PartialMatch> matches = new ArrayList<>();

  /**
   * A matcher.
   *
   * @param ofMatch conditions by number; null for those on the event alone
   */
  @SuppressWarnings("NullAway.Init") // the event is set before it is looked at
  PatternMatcher(PatternProgram program, @Nullable MatchCondition[] ofMatch) {
    this.program = program;
    this.ofMatch = ofMatch.clone();
    this.pruning = new MatchPruning(program);
    long alone = 0;
    for (int c = 0; c < ofMatch.length; c++) {
      alone |= ofMatch[c] == null ? 1L << c : 0;
    }
    this.ofEvent = alone;
    int states = program.states().size();
    kinds = new Kind[states];
    stages = new int[states];
    gaps = new long[states];
    calm = new boolean[states];
    firstEdge = new int[states + 1];
    int edges = program.states().stream().mapToInt(state -> state.edges().size()).sum();
    actions = new Action[edges];
    sources = new int[edges];
    targets = new int[edges];
    edgeGaps = new long[edges];
    required = new long[edges][];
    forbidden = new long[edges][];
    int at = 0;
    for (int s = 0; s < states; s++) {
      State state = program.states().get(s);
      kinds[s] = state.kind();
      stages[s] = state.stage();
      gaps[s] = state.gapMillis();
      for (Edge edge : state.edges()) {
        actions[at] = edge.action();
        sources[at] = s;
        targets[at] = edge.target();
        edgeGaps[at] = edge.gapMillis();
        required[at] = edge.guard().required().stream().mapToLong(Long::longValue).toArray();
        forbidden[at] = edge.guard().forbidden().stream().mapToLong(Long::longValue).toArray();
        at++;
      }
      firstEdge[s + 1] = at;
    }
    CalmStates calmness = new CalmStates(program, alone);
    for (int s = 0; s < states; s++) {
      calm[s] = calmness.isCalm(s);
    }
    startsWithoutCondition = calmness.mayTake(PatternProgram.START);
    List<Long> must = new ArrayList<>();
    List<Long> mustNot = new ArrayList<>();
    collectStarts(PatternProgram.START, must, mustNot);
    startMust = must.stream().mapToLong(bit -> bit & ofEvent).toArray();
    startMustNot = mustNot.stream().mapToLong(bit -> bit & ofEvent).toArray();
  }

  /** Whether an event for which no condition on the event alone is true may begin a match. */
  boolean startsWithoutCondition() {
    return startsWithoutCondition;
  }

  private void collectStarts(int state, List<Long> must, List<Long> mustNot) {
    for (Edge edge : program.states().get(state).edges()) {
      if (edge.action() == Action.TAKE) {
        must.addAll(edge.guard().required());
        mustNot.addAll(edge.guard().forbidden());
      } else if (edge.action() == Action.PROCEED) {
        collectStarts(edge.target(), must, mustNot);
      }
    }
  }

  /** Whether an event of which these conditions are true may begin a match. */
  boolean mayBegin(long trueConditions) {
    for (int i = 0; i < startMust.length; i++) {
      if ((startMust[i] & ~trueConditions) == 0 && (startMustNot[i] & trueConditions) == 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a match is one because its time is over. */
  boolean isPending(PartialMatch match) {
    return kinds[match.state] == Kind.PENDING;
  }

  // --- Time -------------------------------------------------------------------------------------

  /** Ends what is over at a time: those that waited for it match, others have timed out. */
  void advance(RuleMatches rule, long now, MatchListener listener) {
    while (rule.deadline <= now && rule.deadline != Long.MAX_VALUE) {
      long due = rule.deadline;
      next.clear();
      matches.clear();
      for (int i = 0; i < rule.partials.size(); i++) {
        PartialMatch partial = rule.partials.get(i);
        if (deadline(partial) > due) {
          next.add(partial);
        } else if (kinds[partial.state] == Kind.PENDING) {
          matches.add(partial);
        } else {
          listener.timedOut(partial, due);
        }
      }
      settle(rule, due, listener);
    }
  }

  /** When the time of a partial match is over; {@link Long#MAX_VALUE}: never. */
  long deadline(PartialMatch partial) {
    long deadline = Long.MAX_VALUE;
    if (program.withinMillis() > 0) {
      deadline = plus(partial.startTime, program.withinMillis());
    }
    if (gaps[partial.state] > 0) {
      deadline = Math.min(deadline, plus(partial.previousTime, gaps[partial.state]));
    }
    return deadline;
  }

  private static long plus(long time, long millis) {
    long sum = time + millis;
    return sum < time ? Long.MAX_VALUE : sum;
  }

  // --- Events -----------------------------------------------------------------------------------

  /**
   * Looks at the next event of a key.
   *
   * @param rule what the key has, which is changed
   * @param trueConditions bits of the conditions on the event alone that are true
   * @return what went wrong with a condition, which then was taken as not true; null if nothing did
   */
  @Nullable RecordException process(
      RuleMatches rule, CurrentEvent current, long trueConditions, MatchListener listener) {
    advance(rule, current.timestamp(), listener);
    event = current;
    bits = trueConditions;
    failure = null;
    next.clear();
    matches.clear();
    for (int i = 0; i < rule.partials.size(); i++) {
      PartialMatch partial = rule.partials.get(i);
      before = partial.last;
      previousTime = partial.previousTime;
      follow(partial.state);
      go(partial);
    }
    before = null;
    follow(PatternProgram.START);
    begin();
    settle(rule, current.timestamp(), listener);
    before = null;
    return failure;
  }

  /** Finds the edges that the event takes from a state. */
  private void follow(int state) {
    known = 0;
    values = 0;
    foundCount = 0;
    stopped = false;
    int top = 0;
    stack[top++] = state;
    while (top > 0) {
      int at = stack[--top];
      for (int e = firstEdge[at]; e < firstEdge[at + 1]; e++) {
        if (!holds(e)) {
          continue;
        }
        if (actions[e] != Action.PROCEED) {
          if (foundCount == found.length) {
            found = Arrays.copyOf(found, 2 * foundCount);
          }
          found[foundCount++] = e;
        } else if (kinds[targets[e]] == Kind.STOP) {
          stopped = true;
        } else {
          if (top == stack.length) {
            stack = Arrays.copyOf(stack, 2 * top);
          }
          stack[top++] = targets[e];
        }
      }
    }
  }

  private boolean holds(int edge) {
    if (edgeGaps[edge] > 0
        && before != null
        && event.timestamp() - previousTime >= edgeGaps[edge]) {
      return false;
    }
    long[] must = required[edge];
    long[] mustNot = forbidden[edge];
    for (int i = 0; i < must.length; i++) {
      if ((must[i] & ofEvent & ~bits) == 0
          && (mustNot[i] & bits) == 0
          && holdOfMatch(must[i] & ~ofEvent, mustNot[i] & ~ofEvent)) {
        return true;
      }
    }
    return false;
  }

  private boolean holdOfMatch(long must, long mustNot) {
    for (long left = must | mustNot; left != 0; left &= left - 1) {
      long bit = Long.lowestOneBit(left);
      if ((known & bit) == 0) {
        known |= bit;
        values |= ask(Long.numberOfTrailingZeros(bit)) ? bit : 0;
      }
      if (((values & bit) != 0) != ((must & bit) != 0)) {
        return false;
      }
    }
    return true;
  }

  private boolean ask(int number) {
    MatchCondition condition = ofMatch[number];
    try {
      return condition != null && condition.test(event, before);
    } catch (RecordException e) {
      failure = failure == null ? e : failure;
      return false;
    }
  }

  /** Takes a partial match along the edges that were found. */
  private void go(PartialMatch partial) {
    int firstNew = next.size();
    for (int i = 0; i < foundCount; i++) {
      int edge = found[i];
      if (actions[edge] == Action.IGNORE) {
        add(partial.in(targets[edge]));
      } else {
        take(edge, partial.startTime, partial.startSequence);
      }
    }
    if (stopped) {
      next.subList(firstNew, next.size()).clear();
    }
  }

  private void begin() {
    for (int i = 0; i < foundCount; i++) {
      if (actions[found[i]] == Action.TAKE) {
        take(found[i], event.timestamp(), event.sequence());
      }
    }
  }

  private void take(int edge, long startTime, long startSequence) {
    Link link = new Link(before, stages[sources[edge]], event.hold());
    PartialMatch taken = new PartialMatch(targets[edge], link, startTime, startSequence);
    add(taken);
    int end = finalState(targets[edge]);
    if (end >= 0) {
      matches.add(taken.in(end));
    }
  }

  private void add(PartialMatch partial) {
    switch (kinds[partial.state]) {
      case FINAL -> matches.add(partial);
      case STOP -> stopped = true;
      case NORMAL, PENDING -> next.add(partial);
    }
  }

  /** The final state that a state can proceed to with this event, or -1. */
  private int finalState(int state) {
    int top = 0;
    stack[top++] = state;
    while (top > 0) {
      int at = stack[--top];
      for (int e = firstEdge[at]; e < firstEdge[at + 1]; e++) {
        if (actions[e] == Action.PROCEED && holds(e)) {
          if (kinds[targets[e]] == Kind.FINAL) {
            return targets[e];
          }
          if (top == stack.length) {
            stack = Arrays.copyOf(stack, 2 * top);
          }
          stack[top++] = targets[e];
        }
      }
    }
    return -1;
  }

  // --- What comes of it -------------------------------------------------------------------------

  /** Hands on matches, and leaves the key with what goes on. */
  private void settle(RuleMatches rule, long time, MatchListener listener) {
    if (!pruning.isSkipping()) {
      for (int i = 0; i < matches.size(); i++) {
        listener.matched(matches.get(i), time);
      }
    } else if (!matches.isEmpty() || !rule.completed.isEmpty()) {
      rule.completed = pruning.release(rule.completed, matches, next, time, listener);
    }
    rule.partials.clear();
    rule.partials.addAll(next);
    remeasure(rule);
  }

  /** Looks again at what there is: partial matches were taken away. */
  void remeasure(RuleMatches rule) {
    rule.alert = false;
    rule.deadline = Long.MAX_VALUE;
    rule.longest = 0;
    for (int i = 0; i < rule.partials.size(); i++) {
      PartialMatch partial = rule.partials.get(i);
      rule.alert |= !calm[partial.state];
      rule.longest = Math.max(rule.longest, partial.last.length);
      rule.deadline = Math.min(rule.deadline, deadline(partial));
    }
  }
}
