package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a peek. Not thread-safe. */
public final class PeekBuilder {
  private @Nullable Consumer<Event> action;
  private @Nullable ErrorPolicy errors;

  PeekBuilder() {}

  public PeekBuilder withAction(Consumer<Event> consumer) {
    this.action = Objects.requireNonNull(consumer);
    return this;
  }

  /** What happens to events for which the action throws. */
  public PeekBuilder withErrorPolicy(ErrorPolicy policy) {
    this.errors = policy;
    return this;
  }

  public TransformConfig.Peek build() {
    return new TransformConfig.Peek(action, errors);
  }
}
