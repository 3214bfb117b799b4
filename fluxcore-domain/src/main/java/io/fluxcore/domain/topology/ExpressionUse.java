package io.fluxcore.domain.topology;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.Condition;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What validation asks of an expression's text; errors of the text itself are left to checks. */
final class ExpressionUse {
  private ExpressionUse() {}

  /** The field that a text is nothing but the name of, or null. */
  static @Nullable String plainField(String text) {
    try {
      return Expression.parse(text).columnName();
    } catch (FluxCoreException e) {
      return null;
    }
  }

  /** The fields that a text uses, none if it is not an expression. */
  static Set<String> fields(String text) {
    try {
      return Expression.parse(text).fields();
    } catch (FluxCoreException e) {
      return Set.of();
    }
  }

  /** The types that a text asks its fields to have. */
  static Map<String, DataType> demands(String text, ExpressionContext context) {
    try {
      return Expression.parse(text).demands(context.functions());
    } catch (FluxCoreException e) {
      return Map.of();
    }
  }

  /** The types that a condition asks its fields to have. */
  static Map<String, DataType> demandsAsPredicate(String text, ExpressionContext context) {
    try {
      return Expression.parse(text).demandsAsPredicate(context.functions());
    } catch (FluxCoreException e) {
      return Map.of();
    }
  }

  /** The text compiled, or null, and its findings told. */
  static @Nullable CompiledExpression compile(
      String text, Schema schema, ExpressionContext context, Consumer<Diagnostic> findings) {
    try {
      return Expression.parse(text).compile(schema, context);
    } catch (FluxCoreException e) {
      e.diagnostics().forEach(findings);
      return null;
    }
  }

  /** What is wrong with a text as a condition. */
  static List<Diagnostic> checkPredicate(String text, Schema schema, ExpressionContext context) {
    try {
      Expression.parse(text).compilePredicate(schema, context);
      return List.of();
    } catch (FluxCoreException e) {
      return e.diagnostics();
    }
  }

  /** What is wrong with a condition that has code in it. */
  static List<Diagnostic> checkCondition(
      Condition condition, Schema schema, ExpressionContext context) {
    try {
      condition.compile(schema, context);
      return List.of();
    } catch (FluxCoreException e) {
      return e.diagnostics();
    }
  }
}
