package io.fluxcore.domain.expression;

import java.util.ArrayList;
import java.util.List;

/** The list of what comes with FluxCore, a family a file. */
final class StandardFunctions {
  private StandardFunctions() {}

  static List<ScalarFunction> all() {
    List<ScalarFunction> all = new ArrayList<>();
    all.addAll(TextFunctions.all());
    all.addAll(TextTestFunctions.all());
    all.addAll(RegexFunctions.all());
    all.addAll(NumberFunctions.all());
    all.addAll(RoundingFunctions.all());
    all.addAll(TimeFunctions.all());
    all.addAll(TimeTextFunctions.all());
    all.addAll(ChoiceFunctions.all());
    all.addAll(NestedFunctions.all());
    return all;
  }
}
