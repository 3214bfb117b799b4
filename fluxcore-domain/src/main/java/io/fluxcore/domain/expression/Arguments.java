package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.List;

/** What functions check when they are bound. */
final class Arguments {
  private Arguments() {}

  static void expectCount(
      ScalarFunction function, List<? extends Operand> arguments, int least, int most) {
    int count = arguments.size();
    if (count < least || count > most) {
      String wanted =
          least == most
              ? String.valueOf(least)
              : most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
      throw mismatch(
          function,
          "takes " + wanted + (most == 1 ? " argument" : " arguments") + ", not " + count);
    }
  }

  /** The refusal of a call. */
  static FluxCoreException mismatch(ScalarFunction function, String what) {
    return FluxCoreException.user(
        "FLX-EXPR-0006",
        Place.WHOLE,
        "'" + function.name() + "' " + what,
        "call it as " + function.signature());
  }

  /** The value of an argument that must be a constant string. */
  static String constantText(
      ScalarFunction function, List<? extends Operand> arguments, int index, String what) {
    Operand argument = arguments.get(index);
    if (argument.isConstant() && argument.constant() instanceof String text) {
      return text;
    }
    throw mismatch(function, "needs a literal string for " + what);
  }
}
