package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.pattern.RowFormat;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What rows of the variables must be. What rows alone decide is evaluated once for a row, whatever
 * threads look at it. Used by one thread.
 */
final class BoundDefinitions {
  /** Conditions of which a row remembers whether they hold for it. */
  static final int MAX_CONDITIONS = 64;

  /** The key of all threads, where they differ in nothing that conditions look at. */
  static final Object SAME = new Object();

  private final @Nullable BoundMatchExpression[] conditions;
  private final boolean[] ofRowAlone;
  private final TermStates states;
  private final boolean areStatesEnough;
  private final MatchView view = new MatchView();
  private int back;
  private int ahead;

  /** Why a condition could not be evaluated, since this was last taken. */
  private @Nullable RecordException failure;

  BoundDefinitions(
      RowMatching matching,
      RowPatternProgram program,
      RowFormat format,
      ExpressionContext context) {
    List<String> variables = program.variables();
    this.conditions = new @Nullable BoundMatchExpression[variables.size()];
    this.ofRowAlone = new boolean[variables.size()];
    this.states = TermStates.ofConditions(variables);
    boolean hasFrame = matching.rowsPerMatch().isOfEachRow(); // whose rows are all that it sees
    boolean enough = true;
    for (int v = 0; v < variables.size(); v++) {
      int variable = v;
      MatchExpression definition = matching.definitions().get(variables.get(v));
      if (definition == null) {
        continue;
      }
      TermStates unused = TermStates.ofConditions(variables);
      BoundMatchExpression alone =
          BoundMatchExpression.of(definition, format, variables, context, unused);
      ofRowAlone[v] =
          Arrays.stream(alone.terms())
                  .allMatch(
                      term ->
                          term.isOfRowAlone(variable)
                              && (!hasFrame || term.back() + term.ahead() == 0))
              && alone.predicate().isDeterministic();
      BoundMatchExpression condition =
          ofRowAlone[v]
              ? alone
              : BoundMatchExpression.of(definition, format, variables, context, states);
      condition.predicate();
      conditions[v] = condition;
      for (BoundTerm term : condition.terms()) {
        back = Math.max(back, term.back());
        ahead = Math.max(ahead, term.ahead());
        enough &= ofRowAlone[v] || term.isDecidedByStates();
      }
    }
    this.areStatesEnough = enough;
  }

  int back() {
    return back;
  }

  int ahead() {
    return ahead;
  }

  /** Whether the last row of a path is one of its variable; not if that cannot be evaluated. */
  boolean isTrue(PartitionRows rows, MatchPath path, HeldRow row) {
    BoundMatchExpression condition = conditions[path.variable];
    if (condition == null) {
      return true;
    }
    if (!ofRowAlone[path.variable]) {
      return evaluated(condition, rows, path);
    }
    long bit = 1L << path.variable;
    if ((row.known & bit) == 0) {
      row.known |= bit;
      if (evaluated(condition, rows, path)) {
        row.holds |= bit;
      }
    }
    return (row.holds & bit) != 0;
  }

  private boolean evaluated(BoundMatchExpression condition, PartitionRows rows, MatchPath path) {
    try {
      return condition.isTrue(view.of(rows, path, path));
    } catch (RecordException e) {
      failure = e;
      return false;
    }
  }

  /** Threads at the same instruction with equal keys find the same from here on. */
  Object mergeKey(PartitionRows rows, @Nullable MatchPath path) {
    if (path == null || (states.isEmpty() && areStatesEnough)) {
      return SAME;
    }
    if (!areStatesEnough) {
      return path;
    }
    try {
      return states.all(rows, path);
    } catch (RecordException e) {
      failure = e;
      return path;
    }
  }

  @Nullable RecordException takeFailure() {
    RecordException taken = failure;
    failure = null;
    return taken;
  }
}
