package io.fluxcore.domain.topology;

import java.time.Duration;
import java.util.List;

/** Collects the settings of a source of this machine's load. Not thread-safe. */
public final class HostMetricsSourceBuilder extends SourceBuilder<HostMetricsSourceBuilder> {
  HostMetricsSourceBuilder() {
    super("host-metrics", null);
  }

  /** From one reading to the next. */
  public HostMetricsSourceBuilder withInterval(Duration interval) {
    return with("interval", interval);
  }

  /** Groups to read, such as {@code cpu} and {@code memory}. */
  public HostMetricsSourceBuilder withMetrics(String... groups) {
    return with("metrics", List.of(groups));
  }
}
