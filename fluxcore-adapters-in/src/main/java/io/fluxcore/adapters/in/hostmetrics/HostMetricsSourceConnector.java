package io.fluxcore.adapters.in.hostmetrics;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Reads what this machine is doing, a row a value: {@code time}, {@code host}, {@code metric},
 * {@code device}, {@code value}, {@code unit}. What counts up is given as a rate since the reading
 * before; what is not known is null. Needs the library OSHI on the class path.
 */
public final class HostMetricsSourceConnector implements SourceConnector {
  private static final String NAME = "host-metrics";
  private static final String INTERVAL = "interval";
  private static final String METRICS = "metrics";
  private static final String COUNT = "count";
  private static final Duration MAX_INTERVAL = Duration.ofDays(1);

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          NAME,
          "Reads the load of this machine: processor, memory, disks, network.",
          List.of(
              OptionSpec.optional(
                  INTERVAL,
                  OptionSpec.Type.DURATION,
                  "1s",
                  "From one reading to the next, 1ms to 1d."),
              OptionSpec.optional(
                  METRICS,
                  OptionSpec.Type.LIST,
                  null,
                  "Groups to read, of `cpu`, `memory`, `swap`, `disk`, `disk-io`, `network`, `load`;"
                      + " all if absent."),
              OptionSpec.optional(
                  COUNT,
                  OptionSpec.Type.LONG,
                  null,
                  "Readings after which the source ends; endless if absent.")),
          EnumSet.of(Capability.BOUNDED, Capability.PROJECTION, Capability.EVENT_TIME),
          DeliveryGuarantee.AT_MOST_ONCE);

  private final HostProbe.Factory probes;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  /** Of this machine. Needed by {@link java.util.ServiceLoader}. */
  public HostMetricsSourceConnector() {
    this(OshiProbe::new, InstantSource.system(), System::nanoTime);
  }

  HostMetricsSourceConnector(HostProbe.Factory probes, InstantSource clock, LongSupplier nanoTime) {
    this.probes = probes;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Source create(ConnectorOptions options, ConnectorServices services) {
    OptionProblems problems = new OptionProblems(NAME);
    Duration interval = options.duration(INTERVAL);
    if (interval.compareTo(Duration.ofMillis(1)) < 0 || interval.compareTo(MAX_INTERVAL) > 0) {
      problems.add(INTERVAL, interval + " is out of range", "give 1ms to 1d");
    }
    long count = options.has(COUNT) ? options.integer(COUNT) : Long.MAX_VALUE;
    problems.range(COUNT, count, 0, Long.MAX_VALUE);
    Set<MetricGroup> groups = EnumSet.noneOf(MetricGroup.class);
    for (String word : options.list(METRICS)) {
      MetricGroup group = MetricGroup.find(word);
      if (group == null) {
        problems.add(
            METRICS,
            "there is no group '" + word + "'",
            NearestName.remedy(word, MetricGroup.words(), "groups are"));
      } else {
        groups.add(group);
      }
    }
    problems.throwIfAny();
    return new HostMetricsSource(
        probes,
        groups.isEmpty() ? EnumSet.allOf(MetricGroup.class) : groups,
        interval,
        count,
        clock,
        nanoTime);
  }
}
