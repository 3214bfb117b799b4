package io.fluxcore.domain.pattern;

import io.fluxcore.domain.pattern.PatternProgram.Action;
import io.fluxcore.domain.pattern.PatternProgram.Edge;
import io.fluxcore.domain.pattern.PatternProgram.Kind;
import io.fluxcore.domain.pattern.PatternProgram.State;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** A state of a program that is being made: edges point at states, which get numbers at the end. */
final class DraftState {
  final Kind kind;
  final int stage;
  final long gapMillis;
  final List<DraftEdge> edges = new ArrayList<>();

  DraftState(Kind kind, int stage, long gapMillis) {
    this.kind = kind;
    this.stage = stage;
    this.gapMillis = gapMillis;
  }

  /** An edge of a draft. */
  record DraftEdge(Action action, DraftState target, Guard guard, long gapMillis) {
    DraftEdge to(DraftState other) {
      return new DraftEdge(action, other, guard, gapMillis);
    }
  }

  void take(DraftState target, Guard guard, long gap) {
    edges.add(new DraftEdge(Action.TAKE, target, guard, gap));
  }

  void ignore(DraftState target, Guard guard) {
    edges.add(new DraftEdge(Action.IGNORE, target, guard, 0));
  }

  void proceed(DraftState target, Guard guard) {
    edges.add(new DraftEdge(Action.PROCEED, target, guard, 0));
  }

  /** Narrows all edges. */
  void restrict(Guard guard) {
    edges.replaceAll(
        e -> new DraftEdge(e.action(), e.target(), e.guard().and(guard), e.gapMillis()));
  }

  /** The same with edges of its own; those to itself are to the copy. */
  DraftState copy() {
    DraftState copy = new DraftState(kind, stage, gapMillis);
    for (DraftEdge edge : edges) {
      copy.edges.add(edge.target() == this ? edge.to(copy) : edge);
    }
    return copy;
  }

  /** All states that can be reached, numbered in the order in which they are. */
  static List<State> numbered(DraftState start) {
    IdentityHashMap<DraftState, Integer> numbers = new IdentityHashMap<>();
    List<DraftState> order = new ArrayList<>();
    numbers.put(start, 0);
    order.add(start);
    for (int next = 0; next < order.size(); next++) {
      for (DraftEdge edge : order.get(next).edges) {
        if (numbers.putIfAbsent(edge.target(), order.size()) == null) {
          order.add(edge.target());
        }
      }
    }
    return order.stream().map(draft -> draft.state(numbers)).toList();
  }

  private State state(IdentityHashMap<DraftState, Integer> numbers) {
    List<Edge> numbered = new ArrayList<>();
    for (DraftEdge edge : edges) {
      if (!edge.guard().equals(Guard.NEVER)) {
        int target = numbers.getOrDefault(edge.target(), -1);
        numbered.add(new Edge(edge.action(), target, edge.guard(), edge.gapMillis()));
      }
    }
    return new State(kind, stage, gapMillis, numbered);
  }
}
