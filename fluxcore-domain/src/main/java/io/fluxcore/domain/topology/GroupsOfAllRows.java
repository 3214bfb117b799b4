package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.changelog.GroupAggregation;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate that reads no window: over all rows of a group, as a changelog. What it uses of its
 * input is told where aggregates with windows tell it.
 *
 * @param config the aggregate
 */
record GroupsOfAllRows(AggregateConfig config) implements OperatorConfig {
  @Override
  public String describe() {
    return config.describe();
  }

  @Override
  public @Nullable ErrorPolicy errors() {
    return config.errors();
  }

  @Override
  public void check(NodeFindings findings) {}

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    return List.of();
  }

  @Override
  public @Nullable InputField origin(String port, String field) {
    return config.groupBy().contains(field) ? new InputField(0, field) : null;
  }

  @Override
  public @Nullable String passedAs(int input, String field) {
    return config.groupBy().contains(field) ? field : null;
  }

  /** Sketches are not needed to know fields and types. */
  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    AggregateContext context = new AggregateContext(expressions, SketchFactory.NONE, true);
    return Map.of(MAIN_PORT, aggregation(context).outputSchema(inputs.get(0)));
  }

  private GroupAggregation aggregation(AggregateContext context) {
    return new GroupAggregation(
        config.groupBy(), config.aggregations(), config.timeToLive(), context);
  }

  @Override
  public List<String> key(int input) {
    return config.groupBy();
  }

  @Override
  public boolean needsEventTime() {
    return false;
  }

  @Override
  public Changes.Mode takes(int input) {
    return Changes.Mode.RETRACT;
  }

  @Override
  public Changes changes(List<Changes> inputs) {
    return Changes.retracts(config.groupBy());
  }

  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    boolean retracts = !changes.get(0).isAppend();
    GroupAggregation aggregation =
        aggregation(new AggregateContext(tools.expressions(), tools.sketches(), retracts));
    Schema input = inputs.get(0);
    return new OperatorPlan(
        () -> aggregation.operator(input),
        List.of(aggregation.outputSchema(input)),
        config.timeToLive() == null && aggregation.program(input).isDeterministic());
  }
}
