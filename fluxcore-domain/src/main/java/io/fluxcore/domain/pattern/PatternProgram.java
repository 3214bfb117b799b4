package io.fluxcore.domain.pattern;

import java.util.List;

/**
 * An automaton that finds matches: what patterns are compiled into, and all that a {@link
 * PatternMatcher} knows of them. A partial match is in one state. An event takes it along every
 * edge whose guard holds, so one may become several or none:
 *
 * <ul>
 *   <li>{@code TAKE}: the event becomes one of the stage's, and the match goes to the target;
 *   <li>{@code IGNORE}: the event is passed over;
 *   <li>{@code PROCEED}: nothing is decided yet, the edges of the target are tried as well.
 * </ul>
 *
 * <p>A partial match that proceeds to a {@code STOP} state is given up, with all that the event
 * made of it. One that comes to the {@code FINAL} state is a match, and so is one that after a
 * {@code TAKE} can proceed to it. One in a {@code PENDING} state is a match when its time is over.
 * Every event tries to begin a match in the start state. Immutable; prints itself.
 *
 * @param stages names of the stages, which states refer to by position
 * @param states all states; the first one is the start
 * @param conditions how many conditions guards name
 * @param withinMillis a match takes less than this from its first event to its last; 0: no bound
 * @param skip which matches are given up when one is found
 */
public record PatternProgram(
    List<String> stages,
    List<State> states,
    int conditions,
    long withinMillis,
    AfterMatchSkip skip) {
  /** The largest bound of a stage that has an upper bound: each time is a state. */
  public static final int MAX_TIMES = 1_000;

  /** The state in which matches begin. */
  public static final int START = 0;

  public PatternProgram {
    stages = List.copyOf(stages);
    states = List.copyOf(states);
  }

  /** What is special about a state. */
  public enum Kind {
    NORMAL,
    PENDING,
    STOP,
    FINAL
  }

  /** What an edge does with the event. */
  public enum Action {
    TAKE,
    IGNORE,
    PROCEED
  }

  /**
   * One state.
   *
   * @param stage what the events are that its edges take; -1 where they take none
   * @param gapMillis the time since the event before is less than this; 0: no bound
   */
  public record State(Kind kind, int stage, long gapMillis, List<Edge> edges) {
    public State {
      edges = List.copyOf(edges);
    }
  }

  /**
   * One way on.
   *
   * @param target number of a state
   * @param gapMillis the time since the event before is less than this, or the edge is not taken;
   *     0: no bound
   */
  public record Edge(Action action, int target, Guard guard, long gapMillis) {}

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int s = 0; s < states.size(); s++) {
      State state = states.get(s);
      text.append(s).append(state.stage() < 0 ? "" : " " + stages.get(state.stage()));
      text.append(state.kind() == Kind.NORMAL ? "" : " " + state.kind());
      text.append(state.gapMillis() == 0 ? "" : " within " + state.gapMillis() + " ms")
          .append('\n');
      for (Edge edge : state.edges()) {
        text.append("  ").append(edge.action()).append(" → ").append(edge.target());
        text.append(" if ").append(edge.guard());
        text.append(edge.gapMillis() == 0 ? "" : " within " + edge.gapMillis() + " ms")
            .append('\n');
      }
    }
    if (withinMillis > 0) {
      text.append("within ").append(withinMillis).append(" ms\n");
    }
    return text.append(skip).append('\n').toString();
  }
}
