package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function of the catalogue: values of one row in, one value out. It is bound once per call in an
 * expression, when the types of its arguments and the values of constant ones are known, and then
 * evaluated by column. Implementations are immutable and thread-safe.
 */
public interface ScalarFunction {
  /** In lower case; calls find it in any case. */
  String name();

  /** How it is called, for people: {@code lpad(text, length [, padding]) → string}. */
  String signature();

  /** One sentence, for people. */
  String description();

  /** Whether equal arguments always give equal results. */
  default boolean isDeterministic() {
    return true;
  }

  /** The type that an argument demands of a field without one, or null if any will do. */
  default @Nullable DataType demand(int argument) {
    return null;
  }

  /**
   * Prepares a call.
   *
   * @param arguments as they are written; what is constant can be asked for its value now
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if the function cannot be
   *     called with these arguments; the compiler adds the place
   */
  Binding bind(List<? extends Operand> arguments, ExpressionContext context);

  /**
   * A prepared call.
   *
   * @param result type of every column that the body gives
   * @param parameters the types that the body expects, one an argument; arguments of other types
   *     are converted where that is safe, otherwise the call is refused
   * @param body the evaluation
   * @param isDeterministic whether equal arguments always give equal results, if those of the
   *     function do
   */
  record Binding(DataType result, List<DataType> parameters, Body body, boolean isDeterministic) {
    public Binding {
      parameters = List.copyOf(parameters);
    }

    /** One that is as deterministic as its function. */
    public Binding(DataType result, List<DataType> parameters, Body body) {
      this(result, parameters, body, true);
    }
  }

  /** The evaluation of a call. Called by one thread at a time. */
  @FunctionalInterface
  interface Body {
    /**
     * The results for these rows, in a column of {@link Rows#rowCount()} rows; the others may be
     * anything. A row without a result is null and reported by {@link Rows#fail}.
     */
    Column evaluate(Rows rows, List<Operand> arguments);
  }

  /**
   * A deterministic function of one's own, row by row.
   *
   * @param result type of what it returns
   * @param parameters types of its arguments
   * @param body gets and returns objects of {@link io.fluxcore.domain.event.Values}, or null; what
   *     it throws is an error of the row
   */
  static ScalarFunction of(
      String name,
      DataType result,
      List<DataType> parameters,
      Function<@Nullable Object[], @Nullable Object> body) {
    return new RowFunction(name, result, parameters, body, true);
  }

  /** As {@link #of}, but equal arguments may give different results. */
  static ScalarFunction nonDeterministic(
      String name,
      DataType result,
      List<DataType> parameters,
      Function<@Nullable Object[], @Nullable Object> body) {
    return new RowFunction(name, result, parameters, body, false);
  }
}
