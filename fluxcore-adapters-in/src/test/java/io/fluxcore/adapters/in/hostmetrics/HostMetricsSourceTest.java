package io.fluxcore.adapters.in.hostmetrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.in.hostmetrics.HostProbe.Kind;
import io.fluxcore.adapters.in.hostmetrics.HostProbe.Raw;
import io.fluxcore.adapters.in.hostmetrics.Reading.Measurement;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract with a machine that is made up; rates, and machines that misbehave. */
@Timeout(60)
final class HostMetricsSourceTest extends SourceConnectorContract {
  private static final Schema SCHEMA = HostMetricsSource.SCHEMA;

  /** One second from each reading to the next. */
  private static final class Machine implements HostProbe {
    private long reading = -1;

    @Override
    public String hostName() {
      return "box";
    }

    @Override
    public List<Raw> read(MetricGroup group) {
      reading++;
      return List.of(
          new Raw("level", null, (double) reading, "things", Kind.LEVEL),
          new Raw("count", "a", reading * 10.0, "things/s", Kind.COUNTER),
          new Raw("unknown", "b", null, "things/s", Kind.COUNTER));
    }
  }

  private HostMetricsSourceConnector connector(HostProbe.Factory probes) {
    long[] seconds = {0, 0};
    return new HostMetricsSourceConnector(
        probes,
        () -> Instant.ofEpochSecond(++seconds[0]),
        () -> Duration.ofSeconds(++seconds[1]).toNanos());
  }

  @Override
  protected SourceConnector connector() {
    return connector(Machine::new);
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("interval", "1ms", "count", 5, "metrics", "load");
  }

  @Override
  protected Schema schema() {
    return SCHEMA;
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    for (long i = 1; i <= 5; i++) {
      Instant time = Instant.ofEpochSecond(i);
      rows.add(row(time, "level", null, (double) i, "things"));
      rows.add(row(time, "count", "a", 10.0, "things/s"));
      rows.add(row(time, "unknown", "b", null, "things/s"));
    }
    return List.of(rows);
  }

  private static EventRecord row(
      Instant time, String metric, @Nullable String device, @Nullable Double value, String unit) {
    return EventRecord.of(SCHEMA, time.toEpochMilli(), time, "box", metric, device, value, unit);
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("count", 0);
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    return Map.of("interval", "0s", "count", -1, "metrics", "cpu,memroy");
  }

  @Test
  void unknownGroup_isToldWithTheNearest() {
    assertThatThrownBy(() -> source(conflictingOptions()))
        .hasMessageContaining("did you mean 'memory'?")
        .hasMessageContaining("interval")
        .hasMessageContaining("count");
  }

  @Test
  void rates_areNull_whereNothingIsKnown() {
    Rates rates = new Rates();
    assertThat(rates.of(List.of(counter("a", 100.0)), 0))
        .extracting(Measurement::value)
        .containsNull();
    assertThat(rates.of(List.of(counter("a", 150.0), counter("new", 7.0)), 2_000_000_000L))
        .extracting(Measurement::value)
        .containsExactly(25.0, null);
    assertThat(rates.of(List.of(counter("a", 20.0), counter("new", 7.0)), 3_000_000_000L))
        .as("went back, stood still")
        .extracting(Measurement::value)
        .containsExactly(null, 0.0);
    assertThat(rates.of(List.of(counter("a", 30.0), counter("new", null)), 3_000_000_000L))
        .as("no time has passed, not known")
        .extracting(Measurement::value)
        .containsExactly(null, null);
  }

  private static Raw counter(String device, @Nullable Double value) {
    return new Raw("m", device, value, "u", Kind.COUNTER);
  }

  @Test
  void shares_areOfTheSumOfAllDevices() {
    Rates rates = new Rates();
    rates.of(List.of(share("a", 100.0), share("b", 0.0)), 0);
    assertThat(rates.of(List.of(share("a", 130.0), share("b", 10.0)), 1))
        .extracting(Measurement::value)
        .containsExactly(75.0, 25.0);
    assertThat(rates.of(List.of(share("a", 130.0), share("b", 10.0)), 2))
        .as("nothing counted")
        .extracting(Measurement::value)
        .containsExactly(null, null);
    assertThat(rates.of(List.of(share("a", 120.0), share("b", 20.0)), 3))
        .as("a sum with an unknown part")
        .extracting(Measurement::value)
        .containsExactly(null, null);
  }

  private static Raw share(String device, double value) {
    return new Raw("m", device, value, "percent", Kind.SHARE);
  }

  private Source source(HostMetricsSourceConnector connector, String option, String value) {
    return connector.create(
        OptionParser.parse(connector.descriptor(), Map.of(option, value)).orThrow(), services());
  }

  @Test
  void machineThatHangs_doesNotStallTheJob() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Source source =
        source(
            connector(
                () ->
                    new HostProbe() {
                      @Override
                      public String hostName() {
                        return "box";
                      }

                      @Override
                      public List<Raw> read(MetricGroup group) {
                        asked.countDown();
                        boolean over = false;
                        while (!over) {
                          try {
                            never.await();
                            over = true;
                          } catch (InterruptedException e) {
                            over = false; // A call into the kernel that nothing ends.
                          }
                        }
                        return List.of();
                      }
                    }),
            "interval",
            "1ms");
    try (SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 10))) {
      reader.assign(source.discoverSplits().get(0), null);
      asked.await();
      assertThat(reader.poll(Duration.ZERO)).isSameAs(Poll.Nothing.INSTANCE);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      never.countDown();
    }
  }

  @Test
  void missingLibrary_failsTheSource_withARemedy() {
    Source source =
        source(
            connector(
                () -> {
                  throw new NoClassDefFoundError("oshi/SystemInfo");
                }),
            "interval",
            "1ms");
    try (SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 10))) {
      reader.assign(source.discoverSplits().get(0), null);
      assertThatThrownBy(
              () -> {
                while (true) {
                  reader.poll(Duration.ofSeconds(1));
                }
              })
          .hasMessageContaining("FLX-HOST-METRICS-0002")
          .hasMessageContaining("oshi-core");
    }
  }

  @Test
  void wrongPosition_isRefused() {
    Source source = source();
    try (SourceReader reader = source.createReader(SourceReading.context(SCHEMA, 10))) {
      assertThatThrownBy(
              () -> reader.assign(source.discoverSplits().get(0), new SplitPosition("byte 7")))
          .hasMessageContaining("FLX-HOST-METRICS-0001");
    }
  }
}
