package io.fluxcore.domain.topology;

/** Collects the settings of a sink that keeps rows in this process. Not thread-safe. */
public final class MemorySinkBuilder extends SinkBuilder<MemorySinkBuilder> {
  MemorySinkBuilder() {
    super("memory", null);
  }

  /** The name under which the rows are found. */
  public MemorySinkBuilder withName(String name) {
    return with("name", name);
  }
}
