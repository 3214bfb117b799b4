package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.expression.Condition;
import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects branches. Not thread-safe. */
public final class RouteBuilder {
  private final List<TransformConfig.Branch> branches = new ArrayList<>();
  private @Nullable ErrorPolicy errors;

  RouteBuilder() {}

  /** Rows for which the expression is true, and none before it was. */
  public RouteBuilder withBranch(String port, String expression) {
    branches.add(
        new TransformConfig.Branch(Objects.requireNonNull(port), new Criterion.Text(expression)));
    return this;
  }

  /** Rows for which the typed condition is true, and nothing before was. */
  public RouteBuilder withBranch(String port, Condition condition) {
    branches.add(new TransformConfig.Branch(Objects.requireNonNull(port), Criterion.of(condition)));
    return this;
  }

  /** Rows for which user code says true, and nothing before did; the topology is bound by it. */
  public RouteBuilder withBranch(String port, Predicate<Event> predicate) {
    branches.add(
        new TransformConfig.Branch(Objects.requireNonNull(port), new Criterion.Code(predicate)));
    return this;
  }

  /** What happens to rows for which a condition cannot be evaluated. */
  public RouteBuilder withErrorPolicy(ErrorPolicy policy) {
    this.errors = policy;
    return this;
  }

  public TransformConfig.Route build() {
    return new TransformConfig.Route(branches, errors);
  }
}
