package io.fluxcore.domain.expression;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.expression.kernel.LikePattern;
import io.fluxcore.domain.expression.kernel.LongSet;
import io.fluxcore.domain.expression.kernel.RowLists;
import io.fluxcore.domain.expression.kernel.TextTests;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import io.fluxcore.domain.expression.syntax.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code between}, {@code in}, {@code like} and {@code case}. */
final class ChoiceCompiler {
  /** Up to here, comparing with one constant after the other is as fast as a set. */
  private static final int FEW = 2;

  private final CompileScope scope;
  private final ExpressionCompiler compiler;
  private final OperatorCompiler operators;

  ChoiceCompiler(CompileScope scope, ExpressionCompiler compiler, OperatorCompiler operators) {
    this.scope = scope;
    this.compiler = compiler;
    this.operators = operators;
  }

  Evaluator compile(Node node) {
    if (node instanceof Node.Between between) {
      return between(between);
    }
    if (node instanceof Node.In in) {
      return in(in);
    }
    if (node instanceof Node.Like like) {
      return like(like);
    }
    if (node instanceof Node.Case branches) {
      return caseOf(branches);
    }
    throw new IllegalStateException("no compilation of " + node.getClass());
  }

  private Evaluator between(Node.Between node) {
    Evaluator operand = compiler.compile(node.operand());
    Evaluator low = compiler.compile(node.low());
    Evaluator high = compiler.compile(node.high());
    if (CompileScope.isBroken(operand, low, high)) {
      return CompileScope.BROKEN;
    }
    int position = node.position();
    Evaluator atLeast =
        operators.comparison(position, BinaryOperator.GREATER_OR_EQUAL, operand, low);
    Evaluator atMost = operators.comparison(position, BinaryOperator.LESS_OR_EQUAL, operand, high);
    if (CompileScope.isBroken(atLeast, atMost)) {
      return CompileScope.BROKEN;
    }
    Evaluator both = new LogicEvaluator(true, List.of(atLeast, atMost));
    return negatedIf(node.negated(), CompileScope.folded(both, List.of(atLeast, atMost)));
  }

  private static Evaluator negatedIf(boolean negated, Evaluator test) {
    return negated ? CompileScope.folded(new NotEvaluator(test), List.of(test)) : test;
  }

  private Evaluator in(Node.In node) {
    Evaluator operand = compiler.compile(node.operand());
    List<Evaluator> choices = new ArrayList<>();
    for (Node choice : node.choices()) {
      choices.add(compiler.compile(choice));
    }
    if (CompileScope.isBroken(operand) || CompileScope.isBroken(choices)) {
      return CompileScope.BROKEN;
    }
    Evaluator set = choices.size() > FEW ? inSet(operand, choices) : null;
    if (set != null) {
      return negatedIf(node.negated(), set);
    }
    List<Evaluator> tests = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      int position = node.choices().get(i).position();
      tests.add(operators.comparison(position, BinaryOperator.EQUAL, operand, choices.get(i)));
    }
    if (CompileScope.isBroken(tests)) {
      return CompileScope.BROKEN;
    }
    Evaluator any = tests.size() == 1 ? tests.get(0) : new LogicEvaluator(false, tests);
    return negatedIf(node.negated(), CompileScope.folded(any, tests));
  }

  /** A test by a set, where the operand and all choices are strings, or long-backed, constants. */
  private @Nullable Evaluator inSet(Evaluator operand, List<Evaluator> choices) {
    if (operand.isConstant()) {
      return null;
    }
    DataType type = operand.type();
    List<Object> values = new ArrayList<>();
    for (Evaluator choice : choices) {
      Evaluator fitting = Coercion.implicit(choice, type, scope.context());
      if (fitting == null || !fitting.isConstant()) {
        return null;
      }
      Object value = fitting.constant();
      if (value != null) {
        values.add(value);
      }
    }
    Evaluator test = null;
    if (type.kind() == Kind.STRING) {
      test = inStrings(operand, values);
    } else if (type.isLongBacked()) {
      test = inLongs(operand, values);
    }
    boolean nullChoice = values.size() < choices.size();
    return test != null && nullChoice
        ? new LogicEvaluator(false, List.of(test, ConstantEvaluator.of(DataType.BOOLEAN, null)))
        : test;
  }

  private static Evaluator inStrings(Evaluator operand, List<Object> values) {
    Set<String> texts = new HashSet<>();
    values.forEach(value -> texts.add((String) value));
    return Comparison.text(operand, TextTests.oneOf(texts), true);
  }

  private static Evaluator inLongs(Evaluator operand, List<Object> values) {
    LongSet set =
        new LongSet(
            values.stream().mapToLong(value -> Values.toLong(operand.type(), value)).toArray());
    return new TestEvaluator(
        operand,
        (column, wanted, selection, count, out) -> {
          long[] longs = ((LongColumn) column).values();
          int found = set.select(longs, wanted, selection, count, out);
          return RowLists.dropNulls(out, found, column.nulls());
        });
  }

  private Evaluator like(Node.Like node) {
    Evaluator operand = text(node.operand(), "the left side of 'like'");
    Evaluator pattern = text(node.pattern(), "the pattern of 'like'");
    Node escapeNode = node.escape();
    Evaluator escape = escapeNode == null ? null : text(escapeNode, "the escape of 'like'");
    if (CompileScope.isBroken(operand, pattern)
        || (escape != null && CompileScope.isBroken(escape))) {
      return CompileScope.BROKEN;
    }
    Integer escapeCharacter = null;
    if (escape != null) {
      String text = escape.isConstant() ? (String) escape.constant() : null;
      if (text == null || text.codePointCount(0, text.length()) != 1) {
        return scope.error(
            "FLX-EXPR-0007",
            Objects.requireNonNull(escapeNode).position(),
            "the escape of 'like' must be one character",
            "write, for example, like '50!%' escape '!'");
      }
      escapeCharacter = text.codePointAt(0);
    }
    return negatedIf(node.negated(), like(node, operand, pattern, escapeCharacter));
  }

  private Evaluator like(
      Node.Like node, Evaluator operand, Evaluator pattern, @Nullable Integer escape) {
    if (!pattern.isConstant() || !(pattern.constant() instanceof String text)) {
      return CompileScope.folded(
          new LikeEvaluator(operand, pattern, escape), List.of(operand, pattern));
    }
    try {
      Evaluator test = Comparison.text(operand, LikePattern.of(text, escape), true);
      return CompileScope.folded(test, List.of(operand));
    } catch (IllegalArgumentException e) {
      return scope.error(
          "FLX-EXPR-0007",
          node.pattern().position(),
          "the pattern of 'like' is malformed: " + e.getMessage(),
          "write the escape character twice where it stands for itself");
    }
  }

  private Evaluator text(Node node, String what) {
    Evaluator operand = compiler.compile(node);
    if (CompileScope.isBroken(operand)) {
      return operand;
    }
    Evaluator text = Coercion.implicit(operand, DataType.STRING, scope.context());
    return text != null
        ? text
        : scope.error(
            "FLX-EXPR-0005",
            node.position(),
            what + " must be a string, and this is " + Coercion.describe(operand),
            "cast it, as in cast(x as string)");
  }

  private Evaluator caseOf(Node.Case node) {
    List<Evaluator> conditions = conditions(node);
    List<Evaluator> results = new ArrayList<>();
    for (Node.When branch : node.branches()) {
      results.add(compiler.compile(branch.result()));
    }
    Node otherwise = node.otherwise();
    if (otherwise != null) {
      results.add(compiler.compile(otherwise));
    }
    if (CompileScope.isBroken(conditions) || CompileScope.isBroken(results)) {
      return CompileScope.BROKEN;
    }
    List<Evaluator> fitting = alike(node, results);
    if (CompileScope.isBroken(fitting)) {
      return CompileScope.BROKEN;
    }
    int branches = node.branches().size();
    Evaluator whole =
        new CaseEvaluator(
            fitting.get(0).type(),
            conditions.toArray(Evaluator[]::new),
            fitting.subList(0, branches).toArray(Evaluator[]::new),
            otherwise == null ? null : fitting.get(branches));
    List<Evaluator> parts = new ArrayList<>(conditions);
    parts.addAll(fitting);
    return CompileScope.folded(whole, parts);
  }

  private List<Evaluator> conditions(Node.Case node) {
    List<Evaluator> conditions = new ArrayList<>();
    Node operandNode = node.operand();
    Evaluator operand = operandNode == null ? null : compiler.compile(operandNode);
    for (Node.When branch : node.branches()) {
      if (operand == null) {
        conditions.add(compiler.compileCondition(branch.condition(), "'when'"));
        continue;
      }
      Evaluator value = compiler.compile(branch.condition());
      conditions.add(
          CompileScope.isBroken(operand, value)
              ? CompileScope.BROKEN
              : operators.comparison(
                  branch.condition().position(), BinaryOperator.EQUAL, operand, value));
    }
    return conditions;
  }

  private List<Evaluator> alike(Node.Case node, List<Evaluator> results) {
    DataType type = Coercion.common(results);
    List<Evaluator> fitting = new ArrayList<>();
    for (Evaluator result : results) {
      Evaluator converted = type == null ? null : Coercion.implicit(result, type, scope.context());
      if (converted == null) {
        List<String> types =
            results.stream()
                .filter(other -> !Coercion.isUntypedNull(other))
                .map(other -> other.type().toString())
                .distinct()
                .toList();
        return List.of(
            scope.error(
                "FLX-EXPR-0005",
                node.position(),
                "the branches of 'case' are of different types: " + String.join(", ", types),
                "cast them to one type"));
      }
      fitting.add(converted);
    }
    return fitting;
  }
}
