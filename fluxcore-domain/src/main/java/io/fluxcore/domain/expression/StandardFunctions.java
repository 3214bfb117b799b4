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
    all.addAll(TimeOfDayFunctions.all());
    all.addAll(ChoiceFunctions.all());
    all.addAll(NestedFunctions.all());
    all.addAll(ArrayFunctions.all());
    all.addAll(JsonFunctions.all());
    all.addAll(TrigonometricFunctions.all());
    all.addAll(TextEditFunctions.all());
    all.addAll(EncodingFunctions.all());
    all.addAll(CalendarFunctions.all());
    all.addAll(RegexListFunctions.all());
    all.addAll(OutsideFunctions.all());
    all.add(JavaFunction.byClass());
    return all;
  }
}
