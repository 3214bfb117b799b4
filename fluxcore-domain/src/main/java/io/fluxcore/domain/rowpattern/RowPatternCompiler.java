package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.rowpattern.RowPattern.Quantified;
import io.fluxcore.domain.rowpattern.RowPatternProgram.Instruction;
import java.util.ArrayList;
import java.util.List;

/** Writes a {@link RowPattern} as a program. Not thread-safe. */
final class RowPatternCompiler {
  private final List<String> variables;
  private final List<Instruction> instructions = new ArrayList<>();
  private int exclusions;

  private RowPatternCompiler(RowPattern pattern) {
    this.variables = List.copyOf(pattern.variables());
  }

  /**
   * The program of a pattern.
   *
   * @throws FluxCoreException of category USER, if the pattern is too large
   */
  static RowPatternProgram compile(RowPattern pattern) {
    RowPatternCompiler compiler = new RowPatternCompiler(pattern);
    compiler.write(pattern);
    compiler.add(new RowPatternProgram.Done());
    return new RowPatternProgram(compiler.variables, compiler.instructions);
  }

  private int add(Instruction instruction) {
    if (instructions.size() >= RowPatternProgram.MAX_INSTRUCTIONS) {
      throw FluxCoreException.user(
          "FLX-PATTERN-0030",
          Place.of("row pattern"),
          "the pattern comes to more than " + RowPatternProgram.MAX_INSTRUCTIONS + " steps",
          "make the bounds of quantifiers smaller, and PERMUTE shorter: it has all orders");
    }
    instructions.add(instruction);
    return instructions.size() - 1;
  }

  private void write(RowPattern pattern) {
    if (pattern instanceof RowPattern.Variable variable) {
      add(new RowPatternProgram.Match(variables.indexOf(variable.name()), exclusions > 0));
    } else if (pattern instanceof RowPattern.Sequence sequence) {
      sequence.parts().forEach(this::write);
    } else if (pattern instanceof RowPattern.Alternation alternation) {
      alternation(alternation.options());
    } else if (pattern instanceof RowPattern.Permutation permutation) {
      List<RowPattern> orders = new ArrayList<>();
      permute(new ArrayList<>(), permutation.parts(), orders);
      alternation(orders);
    } else if (pattern instanceof Quantified quantified) {
      quantified(quantified);
    } else if (pattern instanceof RowPattern.Exclusion exclusion) {
      exclusions++;
      write(exclusion.part());
      exclusions--;
    } else {
      boolean atStart = ((RowPattern.Anchor) pattern).atStart();
      add(atStart ? new RowPatternProgram.AtStart() : new RowPatternProgram.AtEnd());
    }
  }

  private void alternation(List<RowPattern> options) {
    List<Integer> jumps = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      boolean isLast = i == options.size() - 1;
      int split = isLast ? -1 : add(new RowPatternProgram.Done());
      write(options.get(i));
      if (!isLast) {
        jumps.add(add(new RowPatternProgram.Done()));
        instructions.set(split, new RowPatternProgram.Split(split + 1, instructions.size()));
      }
    }
    jumps.forEach(at -> instructions.set(at, new RowPatternProgram.Jump(instructions.size())));
  }

  private void permute(List<RowPattern> chosen, List<RowPattern> left, List<RowPattern> orders) {
    if (left.isEmpty()) {
      orders.add(RowPattern.sequence(chosen));
    }
    for (int i = 0; i < left.size() && orders.size() < RowPatternProgram.MAX_INSTRUCTIONS; i++) {
      List<RowPattern> rest = new ArrayList<>(left);
      List<RowPattern> longer = new ArrayList<>(chosen);
      longer.add(rest.remove(i));
      permute(longer, rest, orders);
    }
  }

  private void quantified(Quantified quantified) {
    if (quantified.most() == Quantified.UNBOUNDED) {
      unbounded(quantified);
      return;
    }
    for (int i = 0; i < quantified.least(); i++) {
      write(quantified.part());
    }
    List<Integer> splits = new ArrayList<>();
    for (int i = quantified.least(); i < quantified.most(); i++) {
      splits.add(add(new RowPatternProgram.Done()));
      write(quantified.part());
    }
    splits.forEach(at -> split(at, quantified.greedy()));
  }

  /**
   * A loop behind its part, so that a turn without a row, which comes back to where the thread has
   * been, goes on behind the loop; where there may be no turn at all, around that.
   */
  private void unbounded(Quantified quantified) {
    for (int i = 1; i < quantified.least(); i++) {
      write(quantified.part());
    }
    int around = quantified.least() == 0 ? add(new RowPatternProgram.Done()) : -1;
    int loop = instructions.size();
    write(quantified.part());
    int out = instructions.size() + 1;
    add(
        quantified.greedy()
            ? new RowPatternProgram.Split(loop, out)
            : new RowPatternProgram.Split(out, loop));
    if (around >= 0) {
      split(around, quantified.greedy());
    }
  }

  private void split(int at, boolean greedy) {
    int in = at + 1;
    int out = instructions.size();
    instructions.set(
        at, greedy ? new RowPatternProgram.Split(in, out) : new RowPatternProgram.Split(out, in));
  }
}
