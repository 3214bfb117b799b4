package io.fluxcore.adapters.out.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.ChangelogSinkContract;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class MemorySinkConnectorTest extends SinkConnectorContract {
  private static final String NAME = "memory-sink-test";

  @AfterEach
  void forget() {
    MemorySinkConnector.clear(NAME);
    MemorySinkConnector.clear("operator");
  }

  @Override
  protected SinkConnector connector() {
    return new MemorySinkConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("name", NAME);
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    MemorySinkConnector.rows(NAME)
        .forEach(
            r -> {
              List<@Nullable Object> row = new ArrayList<>();
              schema.fieldNames().forEach(f -> row.add(r.get(f)));
              rows.add(row);
            });
    return rows;
  }

  @Nested
  class Changelog extends ChangelogSinkContract {
    @Override
    protected Sink sink() {
      return connector()
          .create(OptionParser.parse(connector().descriptor(), options()).orThrow(), ROWS);
    }

    @Override
    protected Collection<List<@Nullable Object>> table() {
      return make(
          MemorySinkConnector.rows(NAME).stream()
              .map(
                  row ->
                      new Written(
                          row.rowKind().sign(),
                          Arrays.asList(row.get("id"), row.get("name"), row.get("size"))))
              .toList());
    }
  }

  private static EventBatch ids(int count) {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    for (int i = 0; i < count; i++) {
      builder.row(i, (long) i, null);
    }
    return builder.build();
  }

  private Sink sink(Map<String, Object> options) {
    return connector()
        .create(OptionParser.parse(connector().descriptor(), options).orThrow(), PAIRS);
  }

  @Test
  void rowsBeyondTheBound_areRefused() {
    List<String> refused = new ArrayList<>();
    try (SinkWriter writer = sink(Map.of("name", NAME, "maxRows", 3)).createWriter("s", 0, 1)) {
      writer.write(ids(5), (batch, row, error) -> refused.add(row + " " + error.code()));
    }
    assertThat(refused).containsExactly("3 FLX-MEMORY-0001", "4 FLX-MEMORY-0001");
    assertThat(MemorySinkConnector.rows(NAME)).hasSize(3);
    assertThat(MemorySinkConnector.dropped(NAME)).isZero();
  }

  @Test
  void dropOldest_keepsTheNewestAndCounts() {
    Map<String, Object> options = Map.of("name", NAME, "maxRows", 3, "overflow", "dropOldest");
    try (SinkWriter writer = sink(options).createWriter("s", 0, 1)) {
      writer.write(ids(5), RecordFailures.FAIL);
    }
    assertThat(MemorySinkConnector.rows(NAME).stream().map(r -> r.getLong("id")))
        .containsExactly(2L, 3L, 4L);
    assertThat(MemorySinkConnector.dropped(NAME)).isEqualTo(2);
  }

  @Test
  void withoutName_theOperatorNamesTheRows() {
    try (SinkWriter writer = sink(Map.of()).createWriter("operator", 0, 1)) {
      writer.write(ids(2), RecordFailures.FAIL);
    }
    assertThat(MemorySinkConnector.rows("operator")).hasSize(2);
  }

  @Test
  void boundOutOfRange_isRefused() {
    assertThatThrownBy(() -> sink(Map.of("maxRows", 0)))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("maxRows");
  }
}
