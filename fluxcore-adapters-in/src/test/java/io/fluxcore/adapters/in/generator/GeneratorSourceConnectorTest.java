package io.fluxcore.adapters.in.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class GeneratorSourceConnectorTest extends SourceConnectorContract {

  @Override
  protected SourceConnector connector() {
    return new GeneratorSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("count", 50, "splits", 3, "fields", fields(), "step", "1s");
  }

  private static Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", Map.of("kind", "sequence", "start", 100, "step", 2));
    fields.put("at", "time");
    fields.put("flag", Map.of("kind", "constant", "value", true, "type", "boolean"));
    return fields;
  }

  @Override
  protected Schema schema() {
    return Schema.of(
        new Field("id", DataType.LONG),
        new Field("at", DataType.TIMESTAMP_TZ),
        new Field("flag", DataType.BOOLEAN));
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<List<EventRecord>> splits =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < 50; i++) {
      Instant time = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i);
      splits
          .get(i % 3)
          .add(EventRecord.of(schema(), time.toEpochMilli(), 100L + 2 * i, time, true));
    }
    return splits;
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("count", 0, "fields", fields());
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    return Map.of("rate", -1, "splits", 0, "startTime", "yesterday", "outOfOrder", 2);
  }

  private List<EventRecord> rows(Map<String, Object> options) {
    Source source = source(options);
    List<EventRecord> rows = new ArrayList<>();
    SourceReading.readAll(source, SourceReading.context(schemaOf(source), 100))
        .values()
        .forEach(c -> rows.addAll(c.rows()));
    return rows;
  }

  private static Schema schemaOf(Source source) {
    Schema schema = source.schema();
    assertThat(schema).isNotNull();
    return schema == null ? Schema.of() : schema;
  }

  @Test
  void withoutOptions_isEndlessAndHasSixFields() {
    Source source = source(Map.of());
    assertThat(source.isBounded()).isFalse();
    assertThat(schemaOf(source).fieldNames())
        .containsExactly("id", "eventTime", "key", "type", "value", "importance");
    List<EventRecord> rows = rows(Map.of("count", 2000));
    assertThat(rows).hasSize(2000);
    assertThat(rows).allMatch(r -> r.getLong("importance") >= 0 && r.getLong("importance") <= 10);
    assertThat(rows.stream().map(r -> r.getString("type")).collect(Collectors.toSet()))
        .isEqualTo(Set.of("view", "click", "purchase"));
    assertThat(rows.stream().filter(r -> "view".equals(r.getString("type"))).count())
        .isBetween(1300L, 1500L);
  }

  @Test
  void seed_decidesTheEvents() {
    assertThat(rows(Map.of("count", 100, "seed", 7)))
        .isEqualTo(rows(Map.of("count", 100, "seed", 7)));
    assertThat(rows(Map.of("count", 100, "seed", 7)))
        .isNotEqualTo(rows(Map.of("count", 100, "seed", 8)));
  }

  @Test
  void splits_shareTheSameEvents() {
    Map<String, Object> whole = Map.of("count", 1000, "outOfOrder", 0.3, "duplicates", 0.2);
    Map<String, Object> parts = new HashMap<>(whole);
    parts.put("splits", 7);
    assertThat(rows(parts)).containsExactlyInAnyOrderElementsOf(rows(whole));
  }

  @Test
  void outOfOrder_isBoundedByMaxDelay() {
    List<EventRecord> rows =
        rows(Map.of("count", 10_000, "outOfOrder", 0.5, "maxDelay", "2s", "step", "10ms"));
    long start = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    int late = 0;
    for (int i = 0; i < rows.size(); i++) {
      long delay = start + 10L * i - rows.get(i).timestamp();
      assertThat(delay).isBetween(0L, 2000L);
      late += delay > 0 ? 1 : 0;
    }
    assertThat(late).isBetween(4700, 5300);
  }

  @Test
  void duplicates_repeatEarlierEvents() {
    List<EventRecord> rows = rows(Map.of("count", 10_000, "duplicates", 0.25));
    Set<EventRecord> seen = new HashSet<>();
    int repeated = 0;
    for (EventRecord row : rows) {
      repeated += seen.add(row) ? 0 : 1;
    }
    assertThat(repeated).isBetween(2300, 2700);
  }

  @Test
  void zipf_isSkewedAndNullsAreAsMany() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("k", Map.of("kind", "zipf", "keys", 100_000, "exponent", 1.2, "prefix", "u"));
    fields.put("n", Map.of("kind", "uniform", "min", -5, "max", 5, "nulls", 0.5));
    fields.put(
        "d", Map.of("kind", "uniform", "min", "0.01", "max", "9.99", "type", "decimal(5,2)"));
    fields.put(
        "c", Map.of("kind", "choice", "values", List.of(1, 2, 3), "type", "long", "nulls", 0.1));
    List<EventRecord> rows = rows(Map.of("count", 10_000, "fields", fields));
    long hottest = rows.stream().filter(r -> "u0".equals(r.getString("k"))).count();
    assertThat(hottest).isBetween(1500L, 2500L);
    assertThat(rows.stream().filter(r -> r.isNull("n")).count()).isBetween(4700L, 5300L);
    assertThat(rows.stream().filter(r -> r.isNull("c")).count()).isBetween(850L, 1150L);
    assertThat(rows)
        .allMatch(
            r -> {
              BigDecimal d = r.getDecimal("d");
              return d != null
                  && d.scale() == 2
                  && d.compareTo(new BigDecimal("0.01")) >= 0
                  && d.compareTo(new BigDecimal("9.99")) <= 0;
            });
  }

  @Test
  void extremeRanges_areUniform() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("all", Map.of("kind", "uniform", "min", Long.MIN_VALUE, "max", Long.MAX_VALUE));
    fields.put("one", Map.of("kind", "uniform", "min", 5, "max", 5));
    List<EventRecord> rows = rows(Map.of("count", 1000, "fields", fields));
    assertThat(rows).allMatch(r -> r.getLong("one") == 5);
    assertThat(rows.stream().filter(r -> r.getLong("all") < 0).count()).isBetween(400L, 600L);
  }

  @Test
  void wrongFields_areAllReported() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("a", "sequenze");
    fields.put("b", Map.of("kind", "uniform", "minimum", 1));
    fields.put("c", Map.of("kind", "choice"));
    fields.put("d", Map.of("kind", "zipf", "keys", "many"));
    assertThatThrownBy(() -> source(Map.of("fields", fields)))
        .isInstanceOfSatisfying(
            FluxCoreException.class,
            e ->
                assertThat(e.diagnostics().stream().map(d -> d.message()).toList())
                    .hasSize(4)
                    .anyMatch(m -> m.contains("'sequenze' is not a kind"))
                    .anyMatch(m -> m.contains("'uniform' has no 'minimum'"))
                    .anyMatch(m -> m.contains("choice needs values"))
                    .anyMatch(m -> m.contains("'many' is not a number")));
  }

  @Test
  void rate_isKeptAndABacklogIsBoundedToASecond() {
    FakePace pace = new FakePace();
    Source source = ((GeneratorSource) source(Map.of("rate", 1000))).withPace(() -> pace);
    try (SourceReader reader = source.createReader(SourceReading.context(Schema.of(), 5000))) {
      reader.assign(source.discoverSplits().get(0), null);
      long given = 0;
      while (pace.now < 10_000_000_000L) {
        given += size(reader.poll(Duration.ofMillis(50)));
      }
      assertThat(given).isBetween(9_990L, 10_010L);
      pace.now += 60_000_000_000L;
      assertThat(size(reader.poll(Duration.ZERO))).isBetween(990, 1_010);
      assertThat(size(reader.poll(Duration.ZERO))).isZero();
    }
  }

  private static int size(Poll poll) {
    return poll instanceof Poll.Rows rows ? rows.batch().size() : 0;
  }

  private static final class FakePace implements Pace {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void await(long nanos) {
      now += nanos;
    }

    @Override
    public void wake() {}
  }
}
