package io.fluxcore.domain.expression.syntax;

import io.fluxcore.domain.event.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tree of an expression, as written: names are not resolved and types not known. {@link
 * #position()} is the 0-based offset that errors point at.
 */
public sealed interface Node {
  int position();

  /** In the order of the text. */
  List<Node> children();

  /**
   * A constant.
   *
   * @param value Boolean, Long, BigDecimal, Double, String, LocalDate, LocalDateTime, Instant, or
   *     null for the null that fits every type
   */
  record Literal(int position, @Nullable Object value) implements Node {
    @Override
    public List<Node> children() {
      return List.of();
    }
  }

  /** {@code interval '5' minute}: only beside + and -. */
  record Interval(int position, long amount, CalendarUnit unit) implements Node {
    @Override
    public List<Node> children() {
      return List.of();
    }
  }

  /** A field of the schema. */
  record FieldReference(int position, String name) implements Node {
    @Override
    public List<Node> children() {
      return List.of();
    }
  }

  /**
   * {@code target.key}, {@code target['key']} or {@code target[1]}.
   *
   * @param key a String, or a Long that counts from 1
   */
  record Access(int position, Node target, Object key) implements Node {
    @Override
    public List<Node> children() {
      return List.of(target);
    }
  }

  /** {@code -operand}. */
  record Negation(int position, Node operand) implements Node {
    @Override
    public List<Node> children() {
      return List.of(operand);
    }
  }

  /** {@code not operand}. */
  record Not(int position, Node operand) implements Node {
    @Override
    public List<Node> children() {
      return List.of(operand);
    }
  }

  /** Arithmetic, concatenation or comparison; the position is the operator's. */
  record Binary(int position, BinaryOperator operator, Node left, Node right) implements Node {
    @Override
    public List<Node> children() {
      return List.of(left, right);
    }
  }

  /** Two or more terms joined by {@code and} (or by {@code or}). */
  record Logic(int position, boolean conjunction, List<Node> terms) implements Node {
    @Override
    public List<Node> children() {
      return terms;
    }
  }

  /** What {@code is} asks. */
  enum Truth {
    NULL,
    TRUE,
    FALSE;

    /** As the text writes it. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** {@code operand is [not] null|true|false}. */
  record Is(int position, Node operand, Truth truth, boolean negated) implements Node {
    @Override
    public List<Node> children() {
      return List.of(operand);
    }
  }

  /** {@code operand [not] between low and high}. */
  record Between(int position, Node operand, Node low, Node high, boolean negated) implements Node {
    @Override
    public List<Node> children() {
      return List.of(operand, low, high);
    }
  }

  /** {@code operand [not] in (choices)}. */
  record In(int position, Node operand, List<Node> choices, boolean negated) implements Node {
    @Override
    public List<Node> children() {
      List<Node> all = new ArrayList<>(choices.size() + 1);
      all.add(operand);
      all.addAll(choices);
      return all;
    }
  }

  /** {@code operand [not] like pattern [escape 'c']}. */
  record Like(int position, Node operand, Node pattern, @Nullable Node escape, boolean negated)
      implements Node {
    @Override
    public List<Node> children() {
      return escape == null ? List.of(operand, pattern) : List.of(operand, pattern, escape);
    }
  }

  /** One branch of a case. */
  record When(Node condition, Node result) {}

  /** {@code case [operand] when … then … [else …] end}. */
  record Case(int position, @Nullable Node operand, List<When> branches, @Nullable Node otherwise)
      implements Node {
    @Override
    public List<Node> children() {
      List<Node> all = new ArrayList<>();
      if (operand != null) {
        all.add(operand);
      }
      for (When branch : branches) {
        all.add(branch.condition());
        all.add(branch.result());
      }
      if (otherwise != null) {
        all.add(otherwise);
      }
      return all;
    }
  }

  /** {@code cast(operand as type)}, or {@code try_cast}, which is null instead of an error. */
  record Cast(int position, Node operand, DataType type, boolean lenient) implements Node {
    @Override
    public List<Node> children() {
      return List.of(operand);
    }
  }

  /** A call of a function of the catalogue; the name is in lower case. */
  record Call(int position, String name, List<Node> arguments) implements Node {
    @Override
    public List<Node> children() {
      return arguments;
    }
  }
}
