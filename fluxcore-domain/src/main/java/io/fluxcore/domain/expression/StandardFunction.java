package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function that comes with FluxCore.
 *
 * @param name in lower case
 * @param signature for people
 * @param description for people
 * @param least fewest arguments
 * @param most most arguments
 * @param demands the types that arguments demand of fields; the last one holds for all after it
 * @param isChoice whether the result is one of the arguments, which are then of one type
 * @param binder checks the types of the arguments
 */
record StandardFunction(
    String name,
    String signature,
    String description,
    int least,
    int most,
    List<DataType> demands,
    boolean isChoice,
    Binder binder)
    implements ScalarFunction {
  /** Prepares a call whose number of arguments is right. */
  @FunctionalInterface
  interface Binder {
    Binding bind(
        ScalarFunction function, List<? extends Operand> arguments, ExpressionContext context);
  }

  /** A function whose parameters have one type each; those after {@code least} may be left out. */
  static StandardFunction fixed(
      String signature,
      String description,
      DataType result,
      List<DataType> parameters,
      int least,
      Body body) {
    return new StandardFunction(
        nameIn(signature),
        signature,
        description,
        least,
        parameters.size(),
        parameters,
        false,
        (function, arguments, context) ->
            new Binding(result, parameters.subList(0, arguments.size()), body));
  }

  /** A function of one or more arguments of one type. */
  static StandardFunction variadic(
      String signature, String description, DataType type, int least, Body body) {
    return new StandardFunction(
        nameIn(signature),
        signature,
        description,
        least,
        Integer.MAX_VALUE,
        List.of(type),
        false,
        (function, arguments, context) ->
            new Binding(type, Collections.nCopies(arguments.size(), type), body));
  }

  /** A function whose types follow from its arguments. */
  static StandardFunction typed(
      String signature,
      String description,
      int least,
      int most,
      List<DataType> demands,
      Binder binder) {
    return new StandardFunction(
        nameIn(signature), signature, description, least, most, demands, false, binder);
  }

  /** A function that gives one of its arguments. */
  static StandardFunction choice(
      String signature,
      String description,
      int least,
      int most,
      List<DataType> demands,
      Binder binder) {
    return new StandardFunction(
        nameIn(signature), signature, description, least, most, demands, true, binder);
  }

  /** What a function of values gives for those of one row. */
  @FunctionalInterface
  interface OfValues {
    /**
     * The result, or null.
     *
     * @param arguments objects of {@link io.fluxcore.domain.event.Values}, none of them null
     */
    @Nullable Object apply(Object[] arguments);
  }

  /**
   * A function of the values of a row, as objects; null where an argument is. For work that dwarfs
   * the objects.
   */
  static StandardFunction ofValues(
      String signature,
      String description,
      DataType result,
      List<DataType> parameters,
      int least,
      OfValues function) {
    return fixed(
        signature,
        description,
        result,
        parameters,
        least,
        body(nameIn(signature), result, function));
  }

  /** The evaluation of a function of values; null where an argument is. */
  static Body body(String name, DataType result, OfValues function) {
    return (rows, operands) -> {
      Column[] columns = columns(rows, operands);
      return new RowLoops(rows, failure(rows, name), columns)
          .values(
              result,
              row -> {
                Object[] values = new Object[columns.length];
                for (int i = 0; i < columns.length; i++) {
                  values[i] = Objects.requireNonNull(columns[i].get(row));
                }
                return function.apply(values);
              });
    };
  }

  /** What a function of values, of which some may be null, gives for those of one row. */
  @FunctionalInterface
  interface OfNullables {
    @Nullable Object apply(@Nullable Object[] arguments);
  }

  /** The evaluation of a function that is also asked where arguments are null. */
  static Body nullableBody(String name, DataType result, OfNullables function) {
    return (rows, operands) -> {
      Column[] columns = columns(rows, operands);
      return new RowLoops(rows, failure(rows, name))
          .values(
              result,
              row -> {
                @Nullable Object[] values = new @Nullable Object[columns.length];
                for (int i = 0; i < columns.length; i++) {
                  values[i] = columns[i].get(row);
                }
                return function.apply(values);
              });
    };
  }

  private static Column[] columns(Rows rows, List<Operand> operands) {
    Column[] columns = new Column[operands.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = operands.get(i).evaluate(rows);
    }
    return columns;
  }

  private static String nameIn(String signature) {
    return signature.substring(0, signature.indexOf('('));
  }

  @Override
  public @Nullable DataType demand(int argument) {
    if (isChoice) {
      return argument < demands.size() ? demands.get(argument) : null;
    }
    return demands.isEmpty() ? null : demands.get(Math.min(argument, demands.size() - 1));
  }

  @Override
  public Binding bind(List<? extends Operand> arguments, ExpressionContext context) {
    Arguments.expectCount(this, arguments, least, most);
    return binder.bind(this, arguments, context);
  }

  @Override
  public String toString() {
    return signature;
  }

  /** What to do with a row whose argument a function cannot take. */
  static RowLoops.Failure failure(Rows rows, String name) {
    return (row, error) ->
        rows.fail(
            row,
            new RecordException("FLX-EXPR-0104", "'" + name + "': " + error.getMessage(), error));
  }
}
