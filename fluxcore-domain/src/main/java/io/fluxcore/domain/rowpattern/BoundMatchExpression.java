package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.pattern.RowFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link MatchExpression} bound to a schema. Used by one thread. */
final class BoundMatchExpression {
  private final MatchExpression expression;
  private final ExpressionContext context;
  private final BoundTerm[] terms;
  private final Schema schema;
  private final int[] selected = new int[1];
  private @Nullable CompiledPredicate predicate;
  private @Nullable CompiledExpression compiled;

  private BoundMatchExpression(
      MatchExpression expression, ExpressionContext context, BoundTerm[] terms, Schema schema) {
    this.expression = expression;
    this.context = context;
    this.terms = terms;
    this.schema = schema;
  }

  /**
   * Binds an expression.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER that holds all that is
   *     wrong
   */
  static BoundMatchExpression of(
      MatchExpression expression,
      RowFormat format,
      List<String> variables,
      ExpressionContext context,
      TermStates states) {
    List<BoundTerm> terms = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (Map.Entry<String, MatchTerm> entry : expression.terms().entrySet()) {
      BoundTerm term = BoundTerm.of(entry.getValue(), format, context, states);
      terms.add(term);
      fields.add(new Field(entry.getKey(), term.type()));
    }
    return new BoundMatchExpression(
        expression, context, terms.toArray(new BoundTerm[0]), Schema.of(fields));
  }

  /** As a measure. */
  CompiledExpression compiled() {
    CompiledExpression known = compiled;
    if (known == null) {
      known = expression.expression().compile(schema, context);
      compiled = known;
    }
    return known;
  }

  /** As a condition. */
  CompiledPredicate predicate() {
    CompiledPredicate known = predicate;
    if (known == null) {
      known = expression.expression().compilePredicate(schema, context);
      predicate = known;
    }
    return known;
  }

  BoundTerm[] terms() {
    return terms;
  }

  /**
   * Whether the condition is true.
   *
   * @throws RecordException if it cannot be evaluated
   */
  boolean isTrue(MatchView view) {
    return predicate().select(row(view), selected, BoundArgument.THROWING) == 1;
  }

  /**
   * The value.
   *
   * @throws RecordException if there is none
   */
  @Nullable Object value(MatchView view) {
    return compiled().evaluate(row(view), BoundArgument.THROWING).get(0);
  }

  private EventBatch row(MatchView view) {
    Column[] columns = new Column[terms.length];
    for (int i = 0; i < terms.length; i++) {
      columns[i] = BoundArgument.column(schema.type(i), terms[i].of(view));
    }
    return EventBatch.of(schema, columns, new long[] {EventBatch.NO_TIMESTAMP}, 1);
  }
}
