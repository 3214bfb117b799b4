package io.fluxcore.domain.rowpattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The terms of a family (those of conditions, those of measures) whose values depend on the rows of
 * the match before: what each has come to is kept with every path, and computed from that of the
 * path before. Used by one thread.
 */
final class TermStates {
  /** What the terms have come to, by number; never changed. */
  static final class Values {
    final @Nullable Object[] ofTerms;

    Values(@Nullable Object[] ofTerms) {
      this.ofTerms = ofTerms;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Values values && Arrays.equals(ofTerms, values.ofTerms);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(ofTerms);
    }
  }

  /** A term with a state. States are never changed. */
  interface Stateful {
    /** The state with one more row. */
    @Nullable Object with(@Nullable Object state, MatchPath path, HeldRow row, long number);

    /** Whether a row of this variable changes it. */
    boolean concerns(int variable);
  }

  private final List<String> variables;
  private final List<Stateful> terms = new ArrayList<>();
  private final boolean areConditions;

  private TermStates(List<String> variables, boolean areConditions) {
    this.variables = variables;
    this.areConditions = areConditions;
  }

  static TermStates ofConditions(List<String> variables) {
    return new TermStates(variables, true);
  }

  static TermStates ofMeasures(List<String> variables) {
    return new TermStates(variables, false);
  }

  List<String> variables() {
    return variables;
  }

  boolean isEmpty() {
    return terms.isEmpty();
  }

  /** Adds a term; its number. */
  int add(Stateful term) {
    terms.add(term);
    return terms.size() - 1;
  }

  /** What a term has come to; null without rows. */
  @Nullable Object of(int term, PartitionRows rows, @Nullable MatchPath path) {
    return path == null ? null : all(rows, path).ofTerms[term];
  }

  /** What all terms have come to. */
  Values all(PartitionRows rows, MatchPath path) {
    List<MatchPath> unknown = new ArrayList<>();
    Values values = null;
    for (MatchPath at = path; at != null && values == null; at = at.previous) {
      values = areConditions ? at.ofConditions : at.ofMeasures;
      if (values == null) {
        unknown.add(at);
      }
    }
    Values known = values == null ? new Values(new @Nullable Object[terms.size()]) : values;
    for (int i = unknown.size() - 1; i >= 0; i--) {
      MatchPath step = unknown.get(i);
      HeldRow row = rows.row(rows.start + step.length - 1);
      known = next(known, step, row, rows.number());
      if (areConditions) {
        step.ofConditions = known;
      } else {
        step.ofMeasures = known;
      }
    }
    return known;
  }

  private Values next(Values before, MatchPath step, HeldRow row, long number) {
    @Nullable Object[] values = Arrays.copyOf(before.ofTerms, before.ofTerms.length);
    boolean isSame = true;
    for (int t = 0; t < terms.size(); t++) {
      if (terms.get(t).concerns(step.variable)) {
        values[t] = terms.get(t).with(values[t], step, row, number);
        isSame = false;
      }
    }
    return isSame ? before : new Values(values);
  }
}
