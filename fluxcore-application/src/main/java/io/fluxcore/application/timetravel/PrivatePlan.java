package io.fluxcore.application.timetravel;

import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.PlannedOperator;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.application.planner.ExecutionPlan.PlannedStage;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.time.WatermarkStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plan as nobody else is to notice it: sinks take rows and keep nothing, rows that cannot be
 * processed are left out without a letter, and event time depends on the events alone: sources wait
 * for nobody and shed nothing. One that has fallen silent steps aside, as it would have, but its
 * event time does not go on with the clock.
 */
final class PrivatePlan {
  private PrivatePlan() {}

  static ExecutionPlan of(ExecutionPlan plan) {
    List<PlannedStage> stages =
        plan.stages().stream()
            .map(
                stage ->
                    new PlannedStage(
                        stage.number(),
                        stage.parallelism(),
                        of(stage.source()),
                        stage.operators().stream().map(PrivatePlan::of).toList()))
            .toList();
    return new ExecutionPlan(
        stages, plan.edges(), plan.outputs(), plan.delivery(), Map.of(), Map.of());
  }

  private static @Nullable PlannedSource of(@Nullable PlannedSource source) {
    return source == null
        ? null
        : new PlannedSource(
            source.operatorId(),
            source.description(),
            source.source(),
            source.schema(),
            source.keepRaw(),
            source.filter(),
            source.time(),
            source.timestampField(),
            source.timestamp(),
            of(source.watermarks()),
            quiet(source.errors()),
            source.replayable(),
            null);
  }

  private static WatermarkStrategy of(WatermarkStrategy strategy) {
    Duration idle = strategy.idleTimeout();
    Duration silence = strategy.silenceFallback();
    Duration aside =
        idle == null || (silence != null && silence.compareTo(idle) < 0) ? silence : idle;
    return strategy.withAlignment(null).withSilenceFallback(null).withIdleTimeout(aside);
  }

  private static PlannedOperator of(PlannedOperator operator) {
    boolean isSink = operator.factory().get() instanceof SinkOperator;
    return new PlannedOperator(
        operator.operatorId(),
        operator.description(),
        isSink ? Nowhere::new : operator.factory(),
        operator.ports(),
        quiet(operator.errors()),
        operator.deterministic(),
        operator.rows());
  }

  private static ErrorPolicy quiet(ErrorPolicy policy) {
    return policy.action() == ErrorPolicy.Action.DEAD_LETTER
        ? policy.then(ErrorPolicy.Action.SKIP)
        : policy;
  }

  /** In the place of a sink. */
  private static final class Nowhere implements Operator {
    @Override
    public void open(OperatorContext context) {}

    @Override
    public void process(int input, EventBatch batch, Output out) {}

    @Override
    public boolean keepsBatches() {
      return false;
    }
  }
}
