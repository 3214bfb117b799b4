package io.fluxcore.domain.expression;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * What an expression is compiled with, besides a schema.
 *
 * @param functions the functions it may call
 * @param regex compiles its regular expressions
 * @param zone where wall-clock and calendar values of instants are read
 * @param outside the clock and chance, for functions that ask them
 */
public record ExpressionContext(
    FunctionCatalogue functions, RegexCompiler regex, ZoneId zone, Outside outside) {
  /** Without a clock and without chance. */
  public ExpressionContext(FunctionCatalogue functions, RegexCompiler regex, ZoneId zone) {
    this(functions, regex, zone, Outside.NONE);
  }

  /** In UTC. */
  public ExpressionContext(FunctionCatalogue functions, RegexCompiler regex) {
    this(functions, regex, ZoneOffset.UTC);
  }

  /** The standard functions, in UTC. */
  public static ExpressionContext of(RegexCompiler regex) {
    return new ExpressionContext(FunctionCatalogue.standard(), regex);
  }

  public ExpressionContext withFunctions(FunctionCatalogue newFunctions) {
    return new ExpressionContext(newFunctions, regex, zone, outside);
  }

  public ExpressionContext withZone(ZoneId newZone) {
    return new ExpressionContext(functions, regex, newZone, outside);
  }

  public ExpressionContext withOutside(Outside newOutside) {
    return new ExpressionContext(functions, regex, zone, newOutside);
  }
}
