package io.fluxcore.domain.topology;

import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects the fields of a projection. Not thread-safe. */
public final class ProjectBuilder {
  private final Map<String, String> fields = new LinkedHashMap<>();
  private @Nullable ErrorPolicy errors;

  ProjectBuilder() {}

  /** Fields that stay as they are. */
  public ProjectBuilder withFields(String... names) {
    for (String name : names) {
      fields.put(name, Expression.column(name).toString());
    }
    return this;
  }

  /** A field that stays as it is. */
  public ProjectBuilder withField(String name) {
    return withFields(name);
  }

  /** A field that an expression computes. */
  public ProjectBuilder withField(String name, String expression) {
    fields.put(Objects.requireNonNull(name), Objects.requireNonNull(expression));
    return this;
  }

  /** What happens to rows for which an expression cannot be evaluated. */
  public ProjectBuilder withErrorPolicy(ErrorPolicy policy) {
    this.errors = policy;
    return this;
  }

  public TransformConfig.Project build() {
    return new TransformConfig.Project(fields, false, errors);
  }
}
