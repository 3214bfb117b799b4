package io.fluxcore.domain.expression;

import io.fluxcore.domain.expression.syntax.BinaryOperator;
import io.fluxcore.domain.expression.syntax.Node;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of expressions, row by row over objects, as plainly as it can be said. Knows no
 * columns, no static types and none of the evaluated code.
 */
final class ReferenceInterpreter {
  /** The row cannot be evaluated. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  private final Map<String, @Nullable Object> row;

  ReferenceInterpreter(Map<String, @Nullable Object> row) {
    this.row = row;
  }

  @Nullable Object evaluate(Node node) {
    if (node instanceof Node.Literal literal) {
      return literal.value();
    }
    if (node instanceof Node.FieldReference field) {
      return row.get(field.name());
    }
    if (node instanceof Node.Logic logic) {
      return logic(logic.terms(), logic.conjunction());
    }
    if (node instanceof Node.Not not) {
      Object value = evaluate(not.operand());
      return value == null ? null : !(Boolean) value;
    }
    if (node instanceof Node.Is is) {
      boolean answer =
          is.truth() == Node.Truth.NULL
              ? evaluate(is.operand()) == null
              : holds(is.operand(), is.truth() == Node.Truth.TRUE);
      return answer != is.negated();
    }
    if (node instanceof Node.Negation negation) {
      return negated(evaluate(negation.operand()));
    }
    if (node instanceof Node.Binary binary) {
      return binary(binary.operator(), evaluate(binary.left()), evaluate(binary.right()));
    }
    if (node instanceof Node.Between between) {
      return between(between);
    }
    if (node instanceof Node.In in) {
      return in(in);
    }
    if (node instanceof Node.Like like) {
      Object text = evaluate(like.operand());
      Object pattern = evaluate(like.pattern());
      return text == null || pattern == null
          ? null
          : NaiveLike.matches((String) text, (String) pattern) != like.negated();
    }
    if (node instanceof Node.Case branches) {
      return caseOf(branches);
    }
    return call((Node.Call) node);
  }

  /** Whether a condition has the wanted value; what decides that is all that is evaluated. */
  boolean holds(Node node, boolean wanted) {
    if (node instanceof Node.Logic logic) {
      boolean all = wanted == logic.conjunction();
      for (Node term : logic.terms()) {
        if (holds(term, wanted) != all) {
          return !all;
        }
      }
      return all;
    }
    if (node instanceof Node.Not not) {
      return holds(not.operand(), !wanted);
    }
    if (node instanceof Node.Between between && between.negated()) {
      return holds(affirmative(between), !wanted);
    }
    if (node instanceof Node.Between between) {
      Node low = compared(BinaryOperator.GREATER_OR_EQUAL, between.operand(), between.low());
      Node high = compared(BinaryOperator.LESS_OR_EQUAL, between.operand(), between.high());
      return holds(new Node.Logic(0, true, List.of(low, high)), wanted);
    }
    if (node instanceof Node.In in) {
      List<Node> terms = new ArrayList<>();
      in.choices().forEach(c -> terms.add(compared(BinaryOperator.EQUAL, in.operand(), c)));
      return holds(new Node.Logic(0, false, terms), wanted != in.negated());
    }
    Object value = evaluate(node);
    return value != null && (Boolean) value == wanted;
  }

  private static Node affirmative(Node.Between between) {
    return new Node.Between(0, between.operand(), between.low(), between.high(), false);
  }

  private static Node compared(BinaryOperator operator, Node left, Node right) {
    return new Node.Binary(0, operator, left, right);
  }

  private @Nullable Object logic(List<Node> terms, boolean conjunction) {
    boolean unknown = false;
    for (Node term : terms) {
      Object value = evaluate(term);
      if (value == null) {
        unknown = true;
      } else if ((Boolean) value != conjunction) {
        return !conjunction;
      }
    }
    return unknown ? null : conjunction;
  }

  private static @Nullable Object negated(@Nullable Object value) {
    if (value instanceof Long number) {
      if (number == Long.MIN_VALUE) {
        throw new Failure("overflow");
      }
      return -number;
    }
    if (value instanceof Double number) {
      return -number;
    }
    return value == null ? null : ((BigDecimal) value).negate();
  }

  static @Nullable Object binary(BinaryOperator operator, @Nullable Object a, @Nullable Object b) {
    if (operator == BinaryOperator.DISTINCT || operator == BinaryOperator.NOT_DISTINCT) {
      boolean same = a == null || b == null ? a == b : compare(a, b) == 0;
      return same == (operator == BinaryOperator.NOT_DISTINCT);
    }
    if (a == null || b == null) {
      return null;
    }
    return switch (operator) {
      case EQUAL -> compare(a, b) == 0;
      case NOT_EQUAL -> compare(a, b) != 0;
      case LESS -> compare(a, b) < 0;
      case LESS_OR_EQUAL -> compare(a, b) <= 0;
      case GREATER -> compare(a, b) > 0;
      case GREATER_OR_EQUAL -> compare(a, b) >= 0;
      case CONCATENATE -> (String) a + b;
      default -> arithmetic(operator, a, b);
    };
  }

  private static Object arithmetic(BinaryOperator operator, Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      double x = ((Number) a).doubleValue();
      double y = ((Number) b).doubleValue();
      return switch (operator) {
        case ADD -> x + y;
        case SUBTRACT -> x - y;
        case MULTIPLY -> x * y;
        case DIVIDE -> x / y;
        default -> x % y;
      };
    }
    boolean zero = exact(b).signum() == 0;
    if (zero && (operator == BinaryOperator.DIVIDE || operator == BinaryOperator.REMAINDER)) {
      throw new Failure("division by zero");
    }
    BigDecimal x = exact(a);
    BigDecimal y = exact(b);
    BigDecimal result =
        switch (operator) {
          case ADD -> x.add(y);
          case SUBTRACT -> x.subtract(y);
          case MULTIPLY -> x.multiply(y);
          case DIVIDE -> x.divideToIntegralValue(y);
          default -> x.remainder(y);
        };
    if (a instanceof BigDecimal || b instanceof BigDecimal) {
      return result;
    }
    if (result.toBigInteger().bitLength() > 63) {
      throw new Failure("overflow");
    }
    return result.longValueExact();
  }

  private static BigDecimal exact(Object value) {
    return value instanceof Long number ? BigDecimal.valueOf(number) : (BigDecimal) value;
  }

  static int compare(Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      double x = ((Number) a).doubleValue();
      double y = ((Number) b).doubleValue();
      if (Double.isNaN(x) || Double.isNaN(y)) {
        return Boolean.compare(Double.isNaN(x), Double.isNaN(y));
      }
      return x < y ? -1 : x == y ? 0 : 1;
    }
    if (a instanceof Number) {
      return exact(a).compareTo(exact(b));
    }
    if (a instanceof String x) {
      return Arrays.compareUnsigned(
          x.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
    }
    if (a instanceof Boolean x) {
      return Boolean.compare(x, (Boolean) b);
    }
    return clock(a).compareTo(clock(b));
  }

  private static LocalDateTime clock(Object value) {
    return value instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) value;
  }

  private @Nullable Object between(Node.Between node) {
    Object value = evaluate(node.operand());
    Object atLeast = binary(BinaryOperator.GREATER_OR_EQUAL, value, evaluate(node.low()));
    if (Boolean.FALSE.equals(atLeast)) {
      return node.negated();
    }
    Object atMost = binary(BinaryOperator.LESS_OR_EQUAL, value, evaluate(node.high()));
    if (Boolean.FALSE.equals(atMost)) {
      return node.negated();
    }
    return atLeast == null || atMost == null ? null : !node.negated();
  }

  private @Nullable Object in(Node.In node) {
    Object value = evaluate(node.operand());
    boolean unknown = false;
    for (Node choice : node.choices()) {
      Object same = binary(BinaryOperator.EQUAL, value, evaluate(choice));
      if (Boolean.TRUE.equals(same)) {
        return !node.negated();
      }
      unknown |= same == null;
    }
    return unknown ? null : node.negated();
  }

  private @Nullable Object caseOf(Node.Case node) {
    for (Node.When branch : node.branches()) {
      if (holds(branch.condition(), true)) {
        return evaluate(branch.result());
      }
    }
    Node otherwise = node.otherwise();
    return otherwise == null ? null : evaluate(otherwise);
  }

  private @Nullable Object call(Node.Call call) {
    if (call.name().equals("coalesce")) {
      for (Node argument : call.arguments()) {
        Object value = evaluate(argument);
        if (value != null) {
          return value;
        }
      }
      return null;
    }
    if (call.name().equals("if")) {
      boolean condition = Boolean.TRUE.equals(evaluate(call.arguments().get(0)));
      return evaluate(call.arguments().get(condition ? 1 : 2));
    }
    List<@Nullable Object> values = new ArrayList<>();
    call.arguments().forEach(argument -> values.add(evaluate(argument)));
    return strict(call.name(), values);
  }

  private static @Nullable Object strict(String name, List<@Nullable Object> values) {
    if (name.equals("nullif")) {
      Object same = binary(BinaryOperator.EQUAL, values.get(0), values.get(1));
      return Boolean.TRUE.equals(same) ? null : values.get(0);
    }
    if (values.contains(null)) {
      return null;
    }
    Object first = values.get(0);
    return switch (name) {
      case "upper" -> ((String) first).toUpperCase(Locale.ROOT);
      case "trim" -> ((String) first).replaceAll("^ +| +$", "");
      case "length" -> (long) ((String) first).codePoints().toArray().length;
      case "starts_with" -> ((String) first).startsWith((String) values.get(1));
      case "contains" -> ((String) first).contains((String) values.get(1));
      case "abs" -> compare(first, 0L) < 0 ? negated(first) : first;
      case "greatest" -> compare(first, values.get(1)) >= 0 ? first : values.get(1);
      case "least" -> compare(first, values.get(1)) <= 0 ? first : values.get(1);
      default -> throw new AssertionError(name);
    };
  }
}
