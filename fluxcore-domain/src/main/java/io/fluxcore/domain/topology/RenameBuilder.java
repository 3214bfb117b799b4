package io.fluxcore.domain.topology;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Collects names. Not thread-safe. */
public final class RenameBuilder {
  private final Map<String, String> names = new LinkedHashMap<>();

  RenameBuilder() {}

  public RenameBuilder withField(String oldName, String newName) {
    names.put(Objects.requireNonNull(oldName), Objects.requireNonNull(newName));
    return this;
  }

  public TransformConfig.Rename build() {
    return new TransformConfig.Rename(names, null);
  }
}
