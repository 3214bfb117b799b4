package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DataType.Kind;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.expression.syntax.Node;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes evaluators of a tree and checks it on the way. All errors are gathered: a part that is
 * wrong is replaced by one that fits everywhere. What does not depend on the row is evaluated here.
 */
final class ExpressionCompiler {
  private final CompileScope scope;
  private final OperatorCompiler operators;
  private final ChoiceCompiler choices;
  private final CallCompiler calls;

  ExpressionCompiler(CompileScope scope) {
    this.scope = scope;
    this.operators = new OperatorCompiler(scope, this);
    this.choices = new ChoiceCompiler(scope, this, operators);
    this.calls = new CallCompiler(scope, this);
  }

  List<Diagnostic> diagnostics() {
    return scope.diagnostics();
  }

  boolean isDeterministic() {
    return calls.isDeterministic();
  }

  Evaluator compile(Node node) {
    if (node instanceof Node.Literal literal) {
      return literal(literal.value());
    }
    if (node instanceof Node.FieldReference field) {
      return field(field);
    }
    if (node instanceof Node.Binary binary) {
      return operators.binary(binary);
    }
    if (node instanceof Node.Negation negation) {
      return operators.negation(negation);
    }
    if (node instanceof Node.Logic logic) {
      return logic(logic);
    }
    if (node instanceof Node.Not not) {
      return not(not.operand());
    }
    if (node instanceof Node.Is is) {
      return is(is);
    }
    if (node instanceof Node.Call call) {
      return calls.call(call);
    }
    if (node instanceof Node.Cast cast) {
      return calls.cast(cast);
    }
    if (node instanceof Node.Access access) {
      return access(access);
    }
    if (node instanceof Node.Interval interval) {
      return interval(interval);
    }
    return choices.compile(node);
  }

  /** A boolean; {@code where} says who needs one. */
  Evaluator compileCondition(Node node, String where) {
    Evaluator condition = compile(node);
    if (CompileScope.isBroken(condition)) {
      return condition;
    }
    Evaluator bool = Coercion.implicit(condition, DataType.BOOLEAN, scope.context());
    return bool != null
        ? bool
        : scope.error(
            "FLX-EXPR-0008",
            node.position(),
            where + " needs a boolean, and this is " + Coercion.describe(condition),
            "compare it with something, as in x <> 0 or x is not null");
  }

  private static Evaluator literal(@Nullable Object value) {
    if (value == null) {
      return ConstantEvaluator.untypedNull();
    }
    if (value instanceof BigDecimal decimal) {
      DataType type = Decimals.typeOf(decimal);
      return ConstantEvaluator.of(type, decimal.setScale(type.scale()));
    }
    DataType type =
        value instanceof Boolean
            ? DataType.BOOLEAN
            : value instanceof Long
                ? DataType.LONG
                : value instanceof Double
                    ? DataType.DOUBLE
                    : value instanceof String
                        ? DataType.STRING
                        : value instanceof LocalDate
                            ? DataType.DATE
                            : value instanceof LocalDateTime
                                ? DataType.TIMESTAMP
                                : DataType.TIMESTAMP_TZ;
    return ConstantEvaluator.of(type, value);
  }

  private Evaluator field(Node.FieldReference reference) {
    int ordinal = scope.schema().indexOf(reference.name());
    if (ordinal >= 0) {
      return new FieldEvaluator(ordinal, scope.schema().type(ordinal));
    }
    String what = "there is no field '" + reference.name() + "'";
    List<String> names = scope.schema().fields().stream().map(Field::name).toList();
    return scope.error(
        "FLX-EXPR-0003",
        reference.position(),
        what,
        NameSuggestions.remedy(reference.name(), names));
  }

  private Evaluator logic(Node.Logic logic) {
    String word = logic.conjunction() ? "'and'" : "'or'";
    List<Evaluator> terms = new ArrayList<>();
    for (Node term : logic.terms()) {
      terms.add(compileCondition(term, word));
    }
    if (CompileScope.isBroken(terms)) {
      return CompileScope.BROKEN;
    }
    return CompileScope.folded(new LogicEvaluator(logic.conjunction(), terms), terms);
  }

  private Evaluator not(Node node) {
    Evaluator operand = compileCondition(node, "'not'");
    return CompileScope.isBroken(operand)
        ? operand
        : CompileScope.folded(new NotEvaluator(operand), List.of(operand));
  }

  private Evaluator is(Node.Is is) {
    Evaluator operand =
        is.truth() == Node.Truth.NULL
            ? compile(is.operand())
            : compileCondition(is.operand(), "'is " + is.truth().word() + "'");
    if (CompileScope.isBroken(operand)) {
      return operand;
    }
    Evaluator test = new IsEvaluator(operand, is.truth());
    return CompileScope.folded(is.negated() ? new NotEvaluator(test) : test, List.of(operand));
  }

  private Evaluator access(Node.Access access) {
    Evaluator target = compile(access.target());
    if (CompileScope.isBroken(target)) {
      return target;
    }
    if (target.type().kind() != Kind.NESTED) {
      return scope.error(
          "FLX-EXPR-0005",
          access.position(),
          "only a nested value has parts, and this is " + Coercion.describe(target),
          access.key() instanceof String key && access.target() instanceof Node.FieldReference field
              ? "if the field's name is '"
                  + field.name()
                  + "."
                  + key
                  + "', write it in double"
                  + " quotes"
              : "declare the field as nested");
    }
    return new AccessEvaluator(target, access.key());
  }

  private Evaluator interval(Node.Interval interval) {
    return scope.error(
        "FLX-EXPR-0005",
        interval.position(),
        "an interval can only be added to a date or timestamp, or subtracted from one",
        "write, for example, ts + interval '5' minute");
  }
}
