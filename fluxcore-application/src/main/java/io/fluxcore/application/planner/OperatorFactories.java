package io.fluxcore.application.planner;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.application.connector.WriterContext;
import io.fluxcore.domain.changelog.LatestRowOperator;
import io.fluxcore.domain.changelog.MaterializeOperator;
import io.fluxcore.domain.changelog.UpsertsOperator;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.OperatorOutside;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.process.KeyedProcess;
import io.fluxcore.domain.sort.EventTimeSort;
import io.fluxcore.domain.topology.Criterion;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.transform.FilterOperator;
import io.fluxcore.domain.transform.FlatMapOperator;
import io.fluxcore.domain.transform.MapOperator;
import io.fluxcore.domain.transform.PassOperator;
import io.fluxcore.domain.transform.PeekOperator;
import io.fluxcore.domain.transform.ProjectOperator;
import io.fluxcore.domain.transform.Projection;
import io.fluxcore.domain.transform.RenameOperator;
import io.fluxcore.domain.transform.RouteOperator;
import io.fluxcore.domain.transform.RowCondition;
import io.fluxcore.domain.transform.UnnestOperator;
import io.fluxcore.domain.window.WindowAggregation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * The one place where declared nodes become operators. Each method gives a factory that makes the
 * operator of one subtask; expressions are compiled there, since compiled ones belong to one
 * thread. Schemas are those of the plan: fields that nothing uses are gone from them.
 */
final class OperatorFactories {
  private final ExpressionContext expressions;

  OperatorFactories(ExpressionContext expressions) {
    this.expressions = expressions;
  }

  ExpressionContext expressions() {
    return expressions;
  }

  Supplier<Operator> pass() {
    return PassOperator::new;
  }

  /** Upserts by a key as retractions. */
  Supplier<Operator> latestRow(List<String> key, Schema input) {
    return () -> new LatestRowOperator(key, input, input, false, null);
  }

  /** Retractions as upserts by a key that may not name them. */
  Supplier<Operator> materialize(List<String> key, Schema input) {
    return () -> new MaterializeOperator(key, input);
  }

  /** Changes by a key as upserts; whether a row keeps it when it changes. */
  Supplier<Operator> upserts(boolean keepsKey) {
    return () -> new UpsertsOperator(keepsKey);
  }

  /** Some columns of the input. */
  Supplier<Operator> select(Schema input, List<String> fields) {
    return () -> ProjectOperator.selecting(input, fields);
  }

  Supplier<Operator> rename(Schema input, Map<String, String> names) {
    return () -> new RenameOperator(input, names);
  }

  Supplier<Operator> filter(TransformConfig.Filter filter, Schema input) {
    Criterion criterion = Objects.requireNonNull(filter.criterion());
    return () -> {
      OperatorOutside outside = new OperatorOutside(expressions.outside());
      return new FilterOperator(condition(criterion, input, outside), outside::advance);
    };
  }

  private RowCondition condition(Criterion criterion, Schema input, OperatorOutside outside) {
    if (criterion instanceof Criterion.Code code) {
      return RowCondition.code(code.predicate());
    }
    if (criterion instanceof Criterion.Mixed mixed) {
      return RowCondition.of(mixed.condition().compile(input, expressions.withOutside(outside)));
    }
    String text = ((Criterion.Text) criterion).text();
    return RowCondition.of(
        Expression.parse(text).compilePredicate(input, expressions.withOutside(outside)));
  }

  /**
   * A projection.
   *
   * @param fields expression text by output name, in the order of the output
   */
  Supplier<Operator> project(Map<String, String> fields, Schema input) {
    return () -> {
      OperatorOutside outside = new OperatorOutside(expressions.outside());
      ExpressionContext own = expressions.withOutside(outside);
      List<Projection> projections = new ArrayList<>();
      fields.forEach((name, text) -> projections.add(projection(name, text, input, own)));
      return new ProjectOperator(projections, outside::advance);
    };
  }

  private static Projection projection(
      String name, String text, Schema input, ExpressionContext context) {
    Expression expression = Expression.parse(text);
    String column = expression.columnName();
    if (column != null) {
      int ordinal = input.ordinal(column);
      return Projection.passed(name, input.type(ordinal), ordinal);
    }
    CompiledExpression compiled = expression.compile(input, context);
    return Projection.computed(name, compiled.type(), compiled::evaluate);
  }

  Supplier<Operator> map(TransformConfig.MapCode map, Schema output) {
    return () -> new MapOperator(map.function(), output);
  }

  Supplier<Operator> flatMap(TransformConfig.FlatMap flatMap, Schema output) {
    return () -> new FlatMapOperator(Objects.requireNonNull(flatMap.function()), output);
  }

  Supplier<Operator> unnest(
      TransformConfig.Unnest unnest, Schema input, Schema kept, Schema output) {
    int[] ordinals = kept.fieldNames().stream().mapToInt(input::ordinal).toArray();
    int field = input.ordinal(unnest.field());
    return () ->
        new UnnestOperator(field, ordinals, unnest.position() != null, unnest.keepsEmpty(), output);
  }

  Supplier<Operator> process(KeyedProcess process, Schema input) {
    return () -> process.operator(input);
  }

  /** Port 0 takes the rows of no branch, port {@code i + 1} those of branch {@code i}. */
  Supplier<Operator> route(List<TransformConfig.Branch> branches, Schema input) {
    return () -> {
      OperatorOutside outside = new OperatorOutside(expressions.outside());
      return new RouteOperator(
          branches.stream().map(b -> condition(b.criterion(), input, outside)).toList(),
          outside::advance);
    };
  }

  /** Port 0 takes the rows in order, port 1 those that came too late. */
  Supplier<Operator> sort(EventTimeSort sort, Schema input) {
    return () -> sort.operator(input);
  }

  Supplier<Operator> peek(TransformConfig.Peek peek) {
    return () -> new PeekOperator(Objects.requireNonNull(peek.action()));
  }

  Supplier<Operator> window(WindowAggregation aggregation, Schema input) {
    return () -> aggregation.operator(input);
  }

  Supplier<Operator> preAggregate(WindowAggregation aggregation, Schema input) {
    return () -> aggregation.preAggregate(input);
  }

  Supplier<Operator> finalAggregate(WindowAggregation aggregation, Schema input) {
    return () -> aggregation.finalAggregate(input);
  }

  Supplier<Operator> sink(Sink sink, WriterContext.Visibility visibility) {
    return () -> new SinkOperator(sink, visibility);
  }
}
