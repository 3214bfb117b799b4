package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.DataType;
import java.util.Collections;
import java.util.List;
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
