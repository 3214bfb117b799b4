package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.pattern.PatternProgram.Action;
import io.fluxcore.domain.pattern.PatternProgram.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes programs of patterns, from the last stage to the first: each stage becomes states that lead
 * to those of what follows it, its <em>sink</em>. A stage that comes several times becomes a state
 * for each time, and a loop one state that leads to itself. A stage that must not come becomes ways
 * into a stop state, from every state in which a match may be while the stage is in force.
 *
 * <p>What the states and edges are follows Flink's {@code NFACompiler}, so that the same pattern
 * finds the same matches there and here.
 */
public final class PatternCompiler {
  private final List<String> stages;
  private final ConditionNumbers conditions;
  private final DraftState end = new DraftState(Kind.FINAL, -1, 0);
  private final Map<String, DraftState> stops = new HashMap<>();

  /** Sinks of greedy loops as they were before the loop narrowed them. */
  private final IdentityHashMap<DraftState, DraftState> beforeGreedy = new IdentityHashMap<>();

  private PatternCompiler(Pattern pattern) {
    this.stages = new ArrayList<>(pattern.stageNames());
    this.conditions = new ConditionNumbers(pattern.stageNames());
  }

  /**
   * The program of a pattern.
   *
   * @throws FluxCoreException of category USER that holds all {@link Pattern#problems()}, or what
   *     is wrong with the text of a condition
   */
  public static CompiledPattern compile(Pattern pattern) {
    List<Diagnostic> problems = pattern.problems();
    if (!problems.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, problems, null);
    }
    PatternCompiler compiler = new PatternCompiler(pattern);
    DraftState start = compiler.chain(pattern, null, null, compiler.end);
    PatternProgram program =
        new PatternProgram(
            compiler.stages,
            DraftState.numbered(start),
            compiler.conditions.conditions().size(),
            millis(pattern.within()),
            pattern.skip());
    return new CompiledPattern(program, compiler.conditions.conditions());
  }

  private static long millis(@Nullable Duration time) {
    return time == null ? 0 : time.toMillis();
  }

  /** A group while the stages in it are compiled. */
  private static final class Group {
    final PatternStage stage;

    /** Whether it is the first round of the group, which follows what is before the group. */
    boolean isFirst = true;

    Group(PatternStage stage) {
      this.stage = stage;
    }
  }

  /**
   * The stage that is compiled, and where it stands.
   *
   * @param own what is remembered of it while it is compiled, if it is a group
   * @param around the group that it is in
   * @param behindGroup the stage that follows the group
   */
  private record At(
      Pattern part,
      int index,
      Group own,
      @Nullable Group around,
      @Nullable PatternStage behindGroup) {
    static At of(
        Pattern part, int index, @Nullable Group around, @Nullable PatternStage behindGroup) {
      return new At(part, index, new Group(part.stages().get(index)), around, behindGroup);
    }

    PatternStage stage() {
      return part.stages().get(index);
    }

    @Nullable PatternStage following() {
      return index + 1 < part.stages().size() ? part.stages().get(index + 1) : behindGroup;
    }

    /** The group whose first stage this is, or null. */
    @Nullable Group headed() {
      return index == 0 ? around : null;
    }

    boolean isOptional() {
      Group group = headed();
      return group == null
          ? stage().quantifier().optional()
          : group.isFirst && group.stage.quantifier().optional();
    }
  }

  // --- Stages in a row --------------------------------------------------------------------------

  private DraftState chain(
      Pattern part, @Nullable Group around, @Nullable PatternStage behind, DraftState sink) {
    DraftState next = sink;
    for (int i = part.stages().size() - 1; i >= 0; i--) {
      At at = At.of(part, i, around, behind);
      next =
          switch (at.stage().contiguity()) {
            case NOT_FOLLOWED_BY -> notFollowedBy(at, next);
            case NOT_NEXT -> notNext(at, next);
            case NEXT, FOLLOWED_BY, FOLLOWED_BY_ANY -> converted(at, next);
          };
    }
    return next;
  }

  /** In the middle of a pattern it is in the edges of what follows. */
  private DraftState notFollowedBy(At at, DraftState sink) {
    if (sink.kind != Kind.FINAL) {
      return sink;
    }
    Guard fits = take(at.stage(), at.around());
    DraftState pending =
        new DraftState(Kind.PENDING, stageNumber(at.stage()), millis(at.stage().withinPrevious()));
    pending.proceed(stop(at.stage()), fits);
    pending.ignore(pending, fits.not());
    return pending;
  }

  private DraftState notNext(At at, DraftState sink) {
    Guard fits = take(at.stage(), at.around());
    DraftState state = entering(at);
    if (sink.kind == Kind.FINAL) {
      state.ignore(sink, fits.not());
    } else {
      state.proceed(sink, fits.not());
    }
    state.proceed(stop(at.stage()), fits);
    return state;
  }

  private DraftState converted(At at, DraftState sink) {
    Quantifier quantifier = at.stage().quantifier();
    DraftState first;
    if (quantifier.isLooping()) {
      at.own().isFirst = false;
      DraftState loop = looping(at, withoutNots(at, sink));
      first = times(at, loop, sink, quantifier.min(), quantifier.min());
    } else if (quantifier.isRepeated()) {
      first = times(at, sink, sink, quantifier.min(), quantifier.max());
    } else {
      first =
          single(
              at,
              entering(at),
              sink,
              sink,
              take(at.stage(), at.around()),
              ignoreBefore(at),
              at.isOptional(),
              0);
    }
    stopsBefore(at, first);
    return first;
  }

  // --- One event, several, any number -----------------------------------------------------------

  private DraftState times(At at, DraftState sink, DraftState proceed, int min, int max) {
    PatternStage stage = at.stage();
    at.own().isFirst = false;
    Guard notEnded = notEnded(stage);
    Guard take = take(stage, at.around()).and(notEnded);
    Guard ignore = ignoreWithin(at).and(notEnded);
    long gap = millis(stage.quantifier().gap());
    if (stage.quantifier().greedy() && min != max) {
      sink.restrict(take.not());
    }
    DraftState next = sink;
    for (int i = min; i < max; i++) {
      next = single(at, inner(at, 0), next, proceed, take, ignore, true, gap);
      stopsInside(at, next);
    }
    for (int i = 1; i < min; i++) {
      next = single(at, inner(at, gap), next, null, take, ignore, false, gap);
      stopsInside(at, next);
    }
    at.own().isFirst = true;
    return single(at, entering(at), next, proceed, take, ignoreBefore(at), at.isOptional(), 0);
  }

  /**
   * A state that takes one event, or the states of one round of a group.
   *
   * @param state as yet without edges; not used for a group
   * @param proceed where to go on without an event, if it is optional
   */
  private DraftState single(
      At at,
      DraftState state,
      DraftState sink,
      @Nullable DraftState proceed,
      Guard take,
      Guard ignore,
      boolean optional,
      long gap) {
    Pattern group = at.stage().group();
    if (group != null) {
      DraftState first = chain(group, at.own(), at.following(), sink);
      if (optional && proceed != null) {
        first.proceed(proceed, Guard.ALWAYS);
      }
      return first;
    }
    // with the event, what must not come before an optional stage is not in force any more
    DraftState taken = withoutNots(at, sink);
    state.take(taken, take, gap);
    if (optional && proceed != null && at.headed() == null) {
      skip(at.stage(), state, proceed);
    }
    if (!ignore.equals(Guard.NEVER)) {
      DraftState waiting = state;
      if (optional) {
        waiting = new DraftState(Kind.NORMAL, state.stage, state.gapMillis);
        waiting.take(taken, take, gap);
        waiting.ignore(waiting, ignore);
        stopsBefore(at, waiting);
      }
      state.ignore(waiting, ignore);
    }
    return state;
  }

  private void skip(PatternStage stage, DraftState state, DraftState proceed) {
    if (stage.quantifier().greedy() && stage.until() != null) {
      Guard ended = conditions.guard(stage.until());
      state.proceed(beforeGreedy.getOrDefault(proceed, proceed), ended);
      state.proceed(proceed, ended.not());
    } else {
      state.proceed(proceed, Guard.ALWAYS);
    }
  }

  private DraftState looping(At at, DraftState sink) {
    PatternStage stage = at.stage();
    if (stage.group() != null) {
      DraftState again = new DraftState(Kind.NORMAL, -1, 0);
      DraftState first = chain(stage.group(), at.own(), at.following(), again);
      first.proceed(sink, Guard.ALWAYS);
      again.proceed(first, Guard.ALWAYS);
      return again;
    }
    Guard notEnded = notEnded(stage);
    Guard take = take(stage, at.around()).and(notEnded);
    Guard ignore = ignoreWithin(at).and(notEnded);
    long gap = millis(stage.quantifier().gap());
    DraftState loop = inner(at, 0);
    if (stage.quantifier().greedy()) {
      if (stage.until() != null) {
        DraftState before = sink.copy();
        beforeGreedy.put(sink, before);
        loop.proceed(before, notEnded.not());
      }
      loop.proceed(sink, notEnded);
      sink.restrict(take(stage, at.around()).not());
    } else {
      loop.proceed(sink, Guard.ALWAYS);
    }
    loop.take(loop, take, gap);
    stopsInside(at, loop);
    if (!ignore.equals(Guard.NEVER)) {
      DraftState waiting = inner(at, 0);
      waiting.take(loop, take, gap);
      waiting.ignore(waiting, ignore);
      loop.ignore(waiting, ignore);
      stopsInside(at, waiting);
    }
    return loop;
  }

  private DraftState entering(At at) {
    return new DraftState(
        Kind.NORMAL, stageNumber(at.stage()), millis(at.stage().withinPrevious()));
  }

  private DraftState inner(At at, long gap) {
    return new DraftState(Kind.NORMAL, stageNumber(at.stage()), gap);
  }

  private int stageNumber(PatternStage stage) {
    return stage.name() == null ? -1 : stages.indexOf(stage.name());
  }

  // --- Guards -----------------------------------------------------------------------------------

  private Guard take(PatternStage stage, @Nullable Group around) {
    Guard fits = conditions.guard(stage.condition());
    return around == null ? fits : fits.and(notEnded(around.stage));
  }

  /** That the event does not end the loop of a stage. */
  private Guard notEnded(PatternStage stage) {
    return stage.until() == null ? Guard.ALWAYS : conditions.guard(stage.until()).not();
  }

  /** Which events are passed over before the first one of a stage. */
  private Guard ignoreBefore(At at) {
    Group group = at.headed();
    if (group == null) {
      return ignore(at, at.stage().contiguity());
    }
    return ignore(at, group.isFirst ? group.stage.contiguity() : group.stage.quantifier().inner());
  }

  /** Which events are passed over between those of a stage. */
  private Guard ignoreWithin(At at) {
    Group group = at.headed();
    return ignore(at, (group == null ? at.stage() : group.stage).quantifier().inner());
  }

  private Guard ignore(At at, Contiguity contiguity) {
    Guard ignore =
        switch (contiguity) {
          case FOLLOWED_BY -> conditions.guard(at.stage().condition()).not();
          case FOLLOWED_BY_ANY -> Guard.ALWAYS;
          case NEXT, NOT_NEXT, NOT_FOLLOWED_BY -> Guard.NEVER;
        };
    return at.around() == null ? ignore : ignore.and(notEnded(at.around().stage));
  }

  // --- What must not come -----------------------------------------------------------------------

  private DraftState stop(PatternStage stage) {
    String name = String.valueOf(stage.name());
    return stops.computeIfAbsent(name, n -> new DraftState(Kind.STOP, stageNumber(stage), 0));
  }

  /** The notFollowedBy stages that are in force while events of this stage are waited for. */
  private static List<PatternStage> notsBefore(At at) {
    List<PatternStage> nots = new ArrayList<>();
    for (int i = at.index() - 1; i >= 0; i--) {
      PatternStage before = at.part().stages().get(i);
      if (before.contiguity() == Contiguity.NOT_FOLLOWED_BY) {
        nots.add(before);
      } else if (!before.quantifier().optional()) {
        break;
      }
    }
    return nots;
  }

  private void stopsBefore(At at, DraftState state) {
    for (PatternStage not : notsBefore(at)) {
      state.proceed(stop(not), take(not, at.around()));
    }
  }

  /** A notFollowedBy behind a loop is in force between its events as well. */
  private void stopsInside(At at, DraftState state) {
    PatternStage following = at.following();
    if (following != null && following.contiguity() == Contiguity.NOT_FOLLOWED_BY) {
      state.proceed(stop(following), take(following, at.around()));
    }
  }

  /** The sink without the stops of stages that are over once this optional one has an event. */
  private DraftState withoutNots(At at, DraftState sink) {
    List<PatternStage> nots = notsBefore(at);
    return nots.isEmpty() || !at.stage().quantifier().optional() ? sink : withoutStops(nots, sink);
  }

  private DraftState withoutStops(List<PatternStage> nots, DraftState sink) {
    DraftState copy = new DraftState(sink.kind, sink.stage, sink.gapMillis);
    for (DraftState.DraftEdge edge : sink.edges) {
      DraftState target = edge.target();
      if (edge.action() != Action.PROCEED) {
        copy.edges.add(target == sink ? edge.to(copy) : edge);
      } else if (target.kind != Kind.STOP) {
        copy.edges.add(edge.to(withoutStops(nots, target)));
      } else if (nots.stream().noneMatch(not -> stop(not) == target)) {
        copy.edges.add(edge);
      }
    }
    return copy;
  }
}
