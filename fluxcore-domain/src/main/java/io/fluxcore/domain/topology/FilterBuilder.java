package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.expression.Condition;
import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a filter. Not thread-safe. */
public final class FilterBuilder {
  private @Nullable Criterion criterion;
  private @Nullable ErrorPolicy errors;

  FilterBuilder() {}

  /** Keeps the events for which user code says true; the topology is bound by it. */
  public FilterBuilder withPredicate(Predicate<Event> predicate) {
    this.criterion = new Criterion.Code(Objects.requireNonNull(predicate));
    return this;
  }

  /** Keeps the events for which an expression is true. */
  public FilterBuilder withExpression(String text) {
    this.criterion = new Criterion.Text(Objects.requireNonNull(text));
    return this;
  }

  /** Keeps the events for which a typed condition is true. */
  public FilterBuilder withCondition(Condition condition) {
    this.criterion = Criterion.of(condition);
    return this;
  }

  /** What happens to rows for which the criterion cannot be evaluated. */
  public FilterBuilder withErrorPolicy(ErrorPolicy policy) {
    this.errors = policy;
    return this;
  }

  public TransformConfig.Filter build() {
    return new TransformConfig.Filter(criterion, errors);
  }
}
