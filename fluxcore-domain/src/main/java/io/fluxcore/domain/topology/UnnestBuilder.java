package io.fluxcore.domain.topology;

import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Collects the settings of an unnest. Not thread-safe. */
public final class UnnestBuilder {
  private final String field;
  private String as;
  private @Nullable String position;
  private boolean keepsEmpty;
  private @Nullable ErrorPolicy errors;

  UnnestBuilder(String field) {
    this.field = Objects.requireNonNull(field);
    this.as = field;
  }

  /** The field of the element, which otherwise takes the place of the list. */
  public UnnestBuilder as(String name) {
    this.as = Objects.requireNonNull(name);
    return this;
  }

  /** A field for the element's number, from 1. */
  public UnnestBuilder withPosition(String name) {
    this.position = Objects.requireNonNull(name);
    return this;
  }

  /** Rows without elements leave once, with nulls. */
  public UnnestBuilder keepEmpty() {
    this.keepsEmpty = true;
    return this;
  }

  /** What happens to rows whose field holds neither a list nor a map. */
  public UnnestBuilder withErrorPolicy(ErrorPolicy policy) {
    this.errors = policy;
    return this;
  }

  public TransformConfig.Unnest build() {
    return new TransformConfig.Unnest(field, as, position, keepsEmpty, errors);
  }
}
