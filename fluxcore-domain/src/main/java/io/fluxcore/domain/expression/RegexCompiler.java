package io.fluxcore.domain.expression;

/**
 * Port: turns the text of a regular expression into a program. Implementations match in time linear
 * in the input, whatever the pattern, because users supply both; back references and look-around
 * are therefore not part of the language. Thread-safe.
 */
@FunctionalInterface
public interface RegexCompiler {
  /**
   * The program of a pattern.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER with the position in the
   *     pattern, if the pattern is malformed or uses what cannot be matched in linear time
   */
  RegexProgram compile(String pattern);
}
