package io.fluxcore.adapters.in.hostmetrics;

import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** This machine's metrics. There is one split: the machine. */
final class HostMetricsSource implements Source {
  static final Schema SCHEMA =
      Schema.builder()
          .field("time", DataType.TIMESTAMP_TZ)
          .field("host", DataType.STRING)
          .field("metric", DataType.STRING)
          .field("device", DataType.STRING)
          .field("value", DataType.DOUBLE)
          .field("unit", DataType.STRING)
          .build();

  private final HostProbe.Factory probes;
  private final Set<MetricGroup> groups;
  private final Duration interval;
  private final long count;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  HostMetricsSource(
      HostProbe.Factory probes,
      Set<MetricGroup> groups,
      Duration interval,
      long count,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.probes = probes;
    this.groups = groups;
    this.interval = interval;
    this.count = count;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public boolean isBounded() {
    return count != Long.MAX_VALUE;
  }

  @Override
  public List<Split> discoverSplits() {
    return List.of(new Split("this-host"));
  }

  @Override
  public SourceReader createReader(ReaderContext context) {
    return new HostMetricsReader(
        context,
        reader ->
            first ->
                new Sampler(
                    probes, groups, interval, first, count, clock, nanoTime, reader::wakeUp),
        count);
  }
}
