package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.expression.kernel.LongDivisor;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import io.fluxcore.domain.expression.syntax.CalendarUnit;
import io.fluxcore.domain.expression.syntax.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arithmetic, concatenation and comparison. */
final class OperatorCompiler {
  private final CompileScope scope;
  private final ExpressionCompiler compiler;

  OperatorCompiler(CompileScope scope, ExpressionCompiler compiler) {
    this.scope = scope;
    this.compiler = compiler;
  }

  Evaluator binary(Node.Binary node) {
    if (node.operator().isArithmetic()) {
      if (node.right() instanceof Node.Interval interval) {
        return moved(node, node.left(), interval);
      }
      if (node.left() instanceof Node.Interval interval && node.operator() == BinaryOperator.ADD) {
        return moved(node, node.right(), interval);
      }
    }
    Evaluator left = compiler.compile(node.left());
    Evaluator right = compiler.compile(node.right());
    if (CompileScope.isBroken(left, right)) {
      return CompileScope.BROKEN;
    }
    if (node.operator().isComparison()) {
      return comparison(node.position(), node.operator(), left, right);
    }
    return node.operator() == BinaryOperator.CONCATENATE
        ? concatenation(node, left, right)
        : arithmetic(node, left, right);
  }

  private Evaluator arithmetic(Node.Binary node, Evaluator left, Evaluator right) {
    Evaluator a = number(left, right);
    Evaluator b = number(right, left);
    if (a == null || b == null) {
      return scope.error(
          "FLX-EXPR-0005",
          node.position(),
          "'"
              + node.operator().symbol()
              + "' cannot combine "
              + Coercion.describe(left)
              + " and "
              + Coercion.describe(right),
          arithmeticRemedy(left, right));
    }
    return CompileScope.folded(planned(node.operator(), a, b), List.of(a, b));
  }

  /** The operand as a number, or null; null and nested values follow the other operand. */
  private @Nullable Evaluator number(Evaluator operand, Evaluator other) {
    if (operand.type().isNumeric()) {
      return operand;
    }
    if (Coercion.isUntypedNull(operand)) {
      DataType type = other.type().isNumeric() ? other.type() : DataType.LONG;
      return ConstantEvaluator.of(type, null);
    }
    return operand.type().kind() == Kind.NESTED
        ? Coercion.implicit(operand, DataType.DOUBLE, scope.context())
        : null;
  }

  private static String arithmeticRemedy(Evaluator left, Evaluator right) {
    if (Coercion.isTemporal(left.type()) && Coercion.isTemporal(right.type())) {
      return "for milliseconds between two instants write epoch_millis(a) - epoch_millis(b)";
    }
    if (Coercion.isTemporal(left.type()) || Coercion.isTemporal(right.type())) {
      return "move a time by an interval, as in ts + interval '5' minute";
    }
    return left.type().kind() == Kind.STRING || right.type().kind() == Kind.STRING
        ? "cast the string, as in cast(x as long); strings are joined by ||"
        : "cast one of them to a number";
  }

  private Evaluator planned(BinaryOperator operator, Evaluator left, Evaluator right) {
    boolean longs = left.type().kind() == Kind.LONG && right.type().kind() == Kind.LONG;
    boolean division = operator == BinaryOperator.DIVIDE || operator == BinaryOperator.REMAINDER;
    if (longs && division && right.isConstant() && right.constant() instanceof Long divisor) {
      boolean remainder = operator == BinaryOperator.REMAINDER;
      long size = remainder && divisor < 0 ? -divisor : divisor;
      if (size > 1) {
        return new DivisionEvaluator(left, LongDivisor.of(size), remainder);
      }
    }
    Arithmetic.Plan plan = Arithmetic.plan(operator, left, right);
    return new ArithmeticEvaluator(plan, as(left, plan.left()), as(right, plan.right()));
  }

  /** The operand as a type that it is known to fit. */
  private Evaluator as(Evaluator operand, DataType type) {
    Evaluator converted = Coercion.implicit(operand, type, scope.context());
    if (converted == null) {
      throw new IllegalStateException(operand.type() + " does not fit " + type);
    }
    return converted;
  }

  private Evaluator concatenation(Node.Binary node, Evaluator left, Evaluator right) {
    Evaluator a = Coercion.implicit(left, DataType.STRING, scope.context());
    Evaluator b = Coercion.implicit(right, DataType.STRING, scope.context());
    if (a == null || b == null) {
      return scope.error(
          "FLX-EXPR-0005",
          node.position(),
          "'||' joins strings, not " + Coercion.describe(left) + " and " + Coercion.describe(right),
          "cast what is not a string, as in cast(x as string)");
    }
    List<Operand> parts = List.of(a, b);
    Evaluator whole =
        new FunctionEvaluator(
            new ScalarFunction.Binding(
                DataType.STRING,
                List.of(DataType.STRING, DataType.STRING),
                TextFunctions::concatenate),
            parts);
    return CompileScope.folded(whole, parts);
  }

  /** A comparison, after what conversions it needs. */
  Evaluator comparison(int position, BinaryOperator operator, Evaluator left, Evaluator right) {
    if (left.type().isNumeric() && right.type().isNumeric()) {
      Evaluator exact = Comparison.exact(operator, left, right);
      if (exact != null) {
        return exact;
      }
      if (Decimals.isExact(left.type()) && Decimals.isExact(right.type())) {
        return CompileScope.folded(exactly(operator, left, right), List.of(left, right));
      }
    }
    DataType common = Coercion.common(List.of(left, right));
    Evaluator a = common == null ? null : Coercion.implicit(left, common, scope.context());
    Evaluator b = common == null ? null : Coercion.implicit(right, common, scope.context());
    if (a == null || b == null) {
      return scope.error(
          "FLX-EXPR-0005",
          position,
          "'"
              + operator.symbol()
              + "' cannot compare "
              + Coercion.describe(left)
              + " with "
              + Coercion.describe(right),
          comparisonRemedy(left, right));
    }
    if (a.type().kind() == Kind.NESTED && !isEquality(operator)) {
      return scope.error(
          "FLX-EXPR-0005",
          position,
          "nested values have no order",
          "cast one of them, as in cast(a.b as double)");
    }
    return CompileScope.folded(Comparison.of(operator, a, b), List.of(a, b));
  }

  /** Exact numbers are brought to one type only where that is held as longs. */
  private Evaluator exactly(BinaryOperator operator, Evaluator left, Evaluator right) {
    DataType common = Coercion.common(List.of(left, right));
    return common != null && (common.kind() == Kind.LONG || Decimals.isCompact(common))
        ? Comparison.of(operator, as(left, common), as(right, common))
        : Comparison.ofDecimals(operator, left, right);
  }

  private static boolean isEquality(BinaryOperator operator) {
    return switch (operator) {
      case EQUAL, NOT_EQUAL, DISTINCT, NOT_DISTINCT -> true;
      default -> false;
    };
  }

  private static String comparisonRemedy(Evaluator left, Evaluator right) {
    DataType text = left.type().kind() == Kind.STRING ? right.type() : left.type();
    boolean strings = left.type().kind() == Kind.STRING || right.type().kind() == Kind.STRING;
    if (!strings) {
      return "cast one of them, as in cast(x as " + left.type() + ")";
    }
    boolean dated = Coercion.isTemporal(text) && (left.isConstant() || right.isConstant());
    return dated
        ? "write the literal as 2024-12-31 or 2024-12-31 23:59:59"
        : "cast the string, as in cast(x as " + text + ")";
  }

  Evaluator negation(Node.Negation node) {
    Evaluator operand = compiler.compile(node.operand());
    if (CompileScope.isBroken(operand)) {
      return operand;
    }
    Evaluator number = number(operand, operand);
    if (number == null) {
      return scope.error(
          "FLX-EXPR-0005",
          node.position(),
          "'-' needs a number, and this is " + Coercion.describe(operand),
          "cast it, as in cast(x as double)");
    }
    return CompileScope.folded(new NegationEvaluator(number), List.of(number));
  }

  private Evaluator moved(Node.Binary node, Node time, Node.Interval interval) {
    Evaluator operand = compiler.compile(time);
    if (CompileScope.isBroken(operand)) {
      return operand;
    }
    boolean sum =
        node.operator() == BinaryOperator.ADD || node.operator() == BinaryOperator.SUBTRACT;
    if (!sum || !Coercion.isTemporal(operand.type())) {
      return scope.error(
          "FLX-EXPR-0005",
          interval.position(),
          "'"
              + node.operator().symbol()
              + "' cannot combine "
              + Coercion.describe(operand)
              + " with an interval",
          "an interval can be added to a date or timestamp, or subtracted from one");
    }
    CalendarUnit unit = interval.unit();
    boolean timeOfDay = unit.months() == 0 && unit.micros() < CalendarUnit.DAY.micros();
    Evaluator start =
        operand.type().kind() == Kind.DATE && timeOfDay ? as(operand, DataType.TIMESTAMP) : operand;
    long amount =
        node.operator() == BinaryOperator.SUBTRACT
            ? Math.negateExact(interval.amount())
            : interval.amount();
    return CompileScope.folded(
        new IntervalEvaluator(start, amount, unit, scope.context().zone()), List.of(start));
  }
}
