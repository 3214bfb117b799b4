package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.pattern.RowFormat;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link MatchTerm} bound to a schema. Used by one thread. */
sealed interface BoundTerm {
  DataType type();

  /**
   * The value.
   *
   * @throws RecordException if there is none
   */
  @Nullable Object of(MatchView view);

  /** Whether in a condition of this variable it depends on nothing but rows of the partition. */
  boolean isOfRowAlone(int variable);

  /** Whether equal states of terms give equal values for all rows to come. */
  boolean isDecidedByStates();

  /** How many rows it looks back at from any row of the match. */
  default int back() {
    return 0;
  }

  /** How many rows it looks ahead from any row of the match. */
  default int ahead() {
    return 0;
  }

  static BoundTerm of(
      MatchTerm term, RowFormat format, ExpressionContext context, TermStates states) {
    if (term instanceof MatchTerm.Navigation navigation) {
      return new Navigation(navigation, format, context, states);
    }
    if (term instanceof MatchTerm.Aggregate aggregate) {
      return new Aggregate(aggregate, format, context, states);
    }
    return new MatchNumber();
  }

  /** The numbers of variables; all where none is named. */
  private static BitSet variables(MatchTerm term, TermStates states) {
    BitSet numbers = new BitSet();
    List<String> names = states.variables();
    for (int v = 0; v < names.size(); v++) {
      if (term.variables().isEmpty() || term.variables().contains(names.get(v))) {
        numbers.set(v);
      }
    }
    return numbers;
  }

  /** The number of the match. */
  final class MatchNumber implements BoundTerm {
    @Override
    public DataType type() {
      return DataType.LONG;
    }

    @Override
    public @Nullable Object of(MatchView view) {
      return view.rows.number();
    }

    @Override
    public boolean isOfRowAlone(int variable) {
      return false;
    }

    @Override
    public boolean isDecidedByStates() {
      return true;
    }
  }

  /** A value of one row. */
  final class Navigation implements BoundTerm, TermStates.Stateful {
    private final MatchTerm.Navigation term;
    private final BoundArgument argument;
    private final BitSet variables;
    private final TermStates states;
    private final int number;

    Navigation(
        MatchTerm.Navigation term, RowFormat format, ExpressionContext context, TermStates states) {
      this.term = term;
      this.argument = new BoundArgument(term.argument(), format, context);
      this.variables = variables(term, states);
      this.states = states;
      this.number = term.variables().isEmpty() ? -1 : states.add(this);
    }

    /** The rows of the variables that count from where the term does, as indexes in the match. */
    private record Places(int[] rows) {
      @Override
      public boolean equals(@Nullable Object other) {
        return other instanceof Places places && Arrays.equals(rows, places.rows);
      }

      @Override
      public int hashCode() {
        return Arrays.hashCode(rows);
      }
    }

    @Override
    public DataType type() {
      return argument.type();
    }

    @Override
    public boolean concerns(int variable) {
      return variables.get(variable);
    }

    @Override
    public @Nullable Object with(
        @Nullable Object state, MatchPath path, HeldRow row, long matchNumber) {
      int[] before = state == null ? new int[0] : ((Places) state).rows();
      int most = term.offset() + 1;
      if (before.length == most && !term.last()) {
        return state;
      }
      int kept = Math.min(before.length, most - 1);
      int[] rows = new int[kept + 1];
      System.arraycopy(before, before.length - kept, rows, 0, kept);
      rows[kept] = path.length - 1;
      return new Places(rows);
    }

    @Override
    public @Nullable Object of(MatchView view) {
      MatchPath path = term.isFinal() ? view.last : view.at;
      int index = index(view, path);
      if (index < 0) {
        return null;
      }
      HeldRow row = view.rows.find(view.rows.start + index + term.rows());
      if (row == null) {
        return null;
      }
      String classifier = null;
      if (argument.readsClassifier()) {
        int variable = MatchPath.variable(view.last, (long) index + term.rows());
        classifier = variable < 0 ? null : states.variables().get(variable);
      }
      return argument.of(row, classifier, view.rows.number());
    }

    /** Which row of the match it is counted from; -1 if there is none. */
    private int index(MatchView view, @Nullable MatchPath path) {
      int length = MatchPath.length(path);
      if (path == null) {
        return -1;
      }
      if (term.variables().isEmpty()) {
        int index = term.last() ? length - 1 - term.offset() : term.offset();
        return index < length ? index : -1;
      }
      if (term.last() && term.offset() == 0 && variables.get(path.variable)) {
        return length - 1;
      }
      Object state = states.of(number, view.rows, path);
      int[] rows = state == null ? new int[0] : ((Places) state).rows();
      if (rows.length <= term.offset()) {
        return -1;
      }
      return term.last() ? rows[rows.length - 1 - term.offset()] : rows[term.offset()];
    }

    @Override
    public boolean isOfRowAlone(int variable) {
      return term.last()
          && term.offset() == 0
          && variables.get(variable)
          && !argument.readsNumber()
          && (!argument.readsClassifier() || term.rows() == 0);
    }

    /** Variables of other rows than the one it is counted from are not in the state. */
    @Override
    public boolean isDecidedByStates() {
      boolean isOfAny = term.variables().isEmpty() && (term.offset() > 0 || !term.last());
      boolean hasOneVariable = variables.cardinality() == 1;
      return !argument.readsClassifier()
          || (term.rows() == 0 && (hasOneVariable || (!isOfAny && term.variables().isEmpty())));
    }

    @Override
    public int back() {
      return Math.max(0, -term.rows());
    }

    @Override
    public int ahead() {
      return Math.max(0, term.rows());
    }
  }

  /** A value of many rows. */
  final class Aggregate implements BoundTerm, TermStates.Stateful {
    private final MatchTerm.Aggregate term;
    private final BoundArgument[] arguments;
    private final BitSet variables;
    private final TermStates states;
    private final int number;
    private final DataType type;

    Aggregate(
        MatchTerm.Aggregate term, RowFormat format, ExpressionContext context, TermStates states) {
      this.term = term;
      this.arguments =
          term.arguments().stream()
              .map(argument -> new BoundArgument(argument, format, context))
              .toArray(BoundArgument[]::new);
      this.variables = variables(term, states);
      this.states = states;
      this.number = states.add(this);
      List<DataType> types = Arrays.stream(arguments).map(BoundArgument::type).toList();
      DataType result = term.function().type(types);
      if (result == null) {
        throw new FluxCoreException(
            io.fluxcore.domain.error.ErrorCategory.USER,
            Diagnostic.error(
                "FLX-PATTERN-0012",
                Place.of("row pattern"),
                term.function() + " of " + term.arguments() + ", which is " + types,
                "use a field of another type, or a cast"));
      }
      this.type = result;
    }

    @Override
    public DataType type() {
      return type;
    }

    @Override
    public boolean concerns(int variable) {
      return variables.get(variable);
    }

    @Override
    public @Nullable Object with(
        @Nullable Object state, MatchPath path, HeldRow row, long matchNumber) {
      @Nullable Object[] values = new @Nullable Object[arguments.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = arguments[i].of(row, states.variables().get(path.variable), matchNumber);
      }
      try {
        return term.function().with(state, values);
      } catch (ArithmeticException e) {
        throw new RecordException(
            "FLX-PATTERN-0021",
            term.function() + " over the rows of a match: " + e.getMessage(),
            e);
      }
    }

    @Override
    public @Nullable Object of(MatchView view) {
      MatchPath path = term.isFinal() ? view.last : view.at;
      return term.function().result(states.of(number, view.rows, path), type);
    }

    @Override
    public boolean isOfRowAlone(int variable) {
      return false;
    }

    @Override
    public boolean isDecidedByStates() {
      return true;
    }
  }
}
