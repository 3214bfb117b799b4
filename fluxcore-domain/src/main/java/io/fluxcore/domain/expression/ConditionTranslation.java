package io.fluxcore.domain.expression;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.syntax.BinaryOperator;
import io.fluxcore.domain.expression.syntax.Node;
import io.fluxcore.domain.expression.syntax.Printer;
import io.fluxcore.domain.expression.syntax.SourceText;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Conditions as trees of expressions, and as evaluators where there is code in them. */
final class ConditionTranslation {
  private ConditionTranslation() {}

  static Optional<Expression> toExpression(Condition condition) {
    Node tree = tree(condition);
    return tree == null ? Optional.empty() : Optional.of(Expression.of(tree));
  }

  static CompiledPredicate compile(Condition condition, Schema schema, ExpressionContext context) {
    List<Diagnostic> findings = new ArrayList<>();
    Compilation compilation = new Compilation(schema, context, findings);
    Evaluator root = compilation.compile(condition);
    if (!findings.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, findings, null);
    }
    return new EvaluatedPredicate(condition.toString(), root, compilation.deterministic);
  }

  /** The tree of a condition, or null if there is code in it. Positions are not known. */
  private static @Nullable Node tree(Condition condition) {
    if (condition instanceof Condition.Compared compared) {
      return new Node.Binary(
          0, operator(compared.relation()), field(compared.field()), literal(compared.value()));
    }
    if (condition instanceof Condition.Between between) {
      return new Node.Between(
          0, field(between.field()), literal(between.low()), literal(between.high()), false);
    }
    if (condition instanceof Condition.In in) {
      List<Node> choices = new ArrayList<>();
      in.values().forEach(value -> choices.add(literal(value)));
      return new Node.In(0, field(in.field()), choices, false);
    }
    if (condition instanceof Condition.Contains contains) {
      return call("contains", contains.field(), contains.part());
    }
    if (condition instanceof Condition.StartsWith startsWith) {
      return call("starts_with", startsWith.field(), startsWith.prefix());
    }
    if (condition instanceof Condition.Matching matching) {
      return call("regexp_like", matching.field(), matching.pattern());
    }
    if (condition instanceof Condition.IsNull isNull) {
      return new Node.Is(0, field(isNull.field()), Node.Truth.NULL, false);
    }
    if (condition instanceof Condition.Stated stated) {
      return stated.expression().tree();
    }
    if (condition instanceof Condition.Not not) {
      Node inner = tree(not.condition());
      return inner == null ? null : new Node.Not(0, inner);
    }
    if (condition instanceof Condition.All all) {
      return logic(all.conditions(), true);
    }
    return condition instanceof Condition.AtLeastOne any ? logic(any.conditions(), false) : null;
  }

  private static @Nullable Node logic(List<Condition> conditions, boolean conjunction) {
    if (conditions.isEmpty()) {
      return new Node.Literal(0, conjunction);
    }
    List<Node> terms = new ArrayList<>();
    for (Condition condition : conditions) {
      Node term = tree(condition);
      if (term == null) {
        return null;
      }
      terms.add(term);
    }
    return terms.size() == 1 ? terms.get(0) : new Node.Logic(0, conjunction, terms);
  }

  private static Node field(String name) {
    return new Node.FieldReference(0, name);
  }

  private static Node call(String function, String field, String argument) {
    return new Node.Call(0, function, List.of(field(field), new Node.Literal(0, argument)));
  }

  private static BinaryOperator operator(Condition.Relation relation) {
    return switch (relation) {
      case EQUALS -> BinaryOperator.EQUAL;
      case NOT_EQUALS -> BinaryOperator.NOT_EQUAL;
      case GREATER -> BinaryOperator.GREATER;
      case GREATER_OR_EQUAL -> BinaryOperator.GREATER_OR_EQUAL;
      case LESS -> BinaryOperator.LESS;
      case LESS_OR_EQUAL -> BinaryOperator.LESS_OR_EQUAL;
    };
  }

  static void checkValue(String field, Object value) {
    literal(field, value);
  }

  private static Node literal(Object value) {
    return literal("", value);
  }

  private static Node literal(String field, Object value) {
    if (value instanceof Float || value instanceof Double) {
      double number = ((Number) value).doubleValue();
      return Double.isNaN(number) || Double.isInfinite(number)
          ? new Node.Cast(0, new Node.Literal(0, String.valueOf(number)), DataType.DOUBLE, false)
          : new Node.Literal(0, number);
    }
    if (value instanceof BigDecimal decimal) {
      return new Node.Literal(0, checked(field, decimal));
    }
    if (value instanceof Number number
        && (value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte)) {
      return new Node.Literal(0, number.longValue());
    }
    if (value instanceof Boolean
        || value instanceof String
        || value instanceof LocalDate
        || value instanceof LocalDateTime
        || value instanceof Instant) {
      return new Node.Literal(0, value);
    }
    throw new IllegalArgumentException(
        "field '" + field + "' cannot be compared with a " + value.getClass().getName());
  }

  private static BigDecimal checked(String field, BigDecimal value) {
    BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
    if (Math.max(plain.precision(), plain.scale()) > DataType.MAX_DECIMAL_PRECISION) {
      throw new IllegalArgumentException(
          "field '"
              + field
              + "' cannot be compared with "
              + value
              + ", which has more than "
              + DataType.MAX_DECIMAL_PRECISION
              + " digits");
    }
    return plain;
  }

  /** Compiles the portable parts as expressions, and joins them with the others. */
  private static final class Compilation {
    private final Schema schema;
    private final ExpressionContext context;
    private final List<Diagnostic> findings;
    private boolean deterministic = true;

    Compilation(Schema schema, ExpressionContext context, List<Diagnostic> findings) {
      this.schema = schema;
      this.context = context;
      this.findings = findings;
    }

    Evaluator compile(Condition condition) {
      Node tree = tree(condition);
      if (tree != null) {
        return compile(tree);
      }
      if (condition instanceof Condition.Not not) {
        return new NotEvaluator(compile(not.condition()));
      }
      if (condition instanceof Condition.Custom custom) {
        return new CodeEvaluator(custom.predicate());
      }
      return condition instanceof Condition.All all
          ? new LogicEvaluator(true, compile(all.conditions()))
          : new LogicEvaluator(false, compile(((Condition.AtLeastOne) condition).conditions()));
    }

    private List<Evaluator> compile(List<Condition> conditions) {
      List<Evaluator> terms = new ArrayList<>();
      conditions.forEach(term -> terms.add(compile(term)));
      return terms;
    }

    /** Errors point into the canonical text, which is parsed for its positions. */
    private Evaluator compile(Node tree) {
      String text = Printer.print(tree);
      ExpressionCompiler compiler =
          new ExpressionCompiler(new CompileScope(new SourceText(text), schema, context));
      Evaluator root = compiler.compileCondition(Expression.parse(text).tree(), "a filter");
      compiler.diagnostics().forEach(finding -> findings.add(finding.in(text)));
      deterministic &= compiler.isDeterministic();
      return root;
    }
  }
}
