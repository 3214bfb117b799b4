package io.fluxcore.domain.rowpattern;

import java.util.List;

/**
 * Instructions that find matches: what a {@link RowPattern} is compiled into. Threads run through
 * it side by side, in the order in which they are preferred; each row takes every thread one {@link
 * Match} further, or ends it. Immutable; prints itself.
 *
 * @param variables names of the variables, which {@link Match} refers to by position
 * @param instructions the first one is the start
 */
public record RowPatternProgram(List<String> variables, List<Instruction> instructions) {
  /** Most instructions: a bound of what quantifiers and permutations may multiply to. */
  public static final int MAX_INSTRUCTIONS = 50_000;

  public RowPatternProgram {
    variables = List.copyOf(variables);
    instructions = List.copyOf(instructions);
  }

  /** One step of a thread. */
  public sealed interface Instruction {}

  /**
   * Takes a row for which the condition of a variable holds.
   *
   * @param variable number of the variable
   * @param excluded whether the row is left out of the rows of the match
   */
  public record Match(int variable, boolean excluded) implements Instruction {}

  /** Goes both ways; the first one is preferred. */
  public record Split(int preferred, int other) implements Instruction {}

  /** Goes on elsewhere. */
  public record Jump(int target) implements Instruction {}

  /** Goes on only before the first row of the partition. */
  public record AtStart() implements Instruction {}

  /** Goes on only behind the last row of the partition. */
  public record AtEnd() implements Instruction {}

  /** The thread has found a match. */
  public record Done() implements Instruction {}

  /** Whether it asks for the first row of the partition. */
  boolean asksForStart() {
    return instructions.stream().anyMatch(AtStart.class::isInstance);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < instructions.size(); i++) {
      Instruction instruction = instructions.get(i);
      text.append(i).append(' ');
      if (instruction instanceof Match match) {
        text.append("match ").append(variables.get(match.variable()));
        text.append(match.excluded() ? " excluded" : "");
      } else if (instruction instanceof Split split) {
        text.append("split ").append(split.preferred()).append(' ').append(split.other());
      } else if (instruction instanceof Jump jump) {
        text.append("jump ").append(jump.target());
      } else if (instruction instanceof AtStart) {
        text.append("at start");
      } else if (instruction instanceof AtEnd) {
        text.append("at end");
      } else {
        text.append("done");
      }
      text.append('\n');
    }
    return text.toString();
  }
}
