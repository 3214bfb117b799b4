package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.domain.window.Trigger;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import io.fluxcore.infrastructure.sql.statement.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** When the windows of a query give results. */
public final class Emission {
  private final QueryPlanner planner;

  public Emission(QueryPlanner planner) {
    this.planner = planner;
  }

  /** What is said of all windows of a query. */
  public UnaryOperator<WindowConfig> settings(Statement.@Nullable Emit emit) {
    if (emit == null || emit.kind() == Statement.Emit.Kind.ON_WINDOW_CLOSE) {
      return UnaryOperator.identity();
    }
    Trigger trigger =
        emit.kind() == Statement.Emit.Kind.ON_UPDATE
            ? Trigger.onWatermark().withEarlyAfter(1)
            : Trigger.onWatermark()
                .withEarlyEvery(interval(Objects.requireNonNull(emit.interval())));
    return window ->
        new WindowConfig(
            window.shape(),
            window.allowedLateness(),
            window.lateOutput(),
            Accumulation.RETRACTING,
            window.time(),
            trigger);
  }

  private Duration interval(SqlText text) {
    RexNode value = planner.expression(text);
    return WindowCalls.duration(value);
  }
}
