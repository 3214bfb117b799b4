package io.fluxcore.adapters.out.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.adapters.out.format.JsonReadBack;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.kit.SinkConnectorContract;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ConsoleSinkConnectorTest extends SinkConnectorContract {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Override
  protected SinkConnector connector() {
    return new ConsoleSinkConnector(out);
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("format", "json");
  }

  @Override
  protected List<List<@Nullable Object>> visibleRows(Schema schema) {
    return JsonReadBack.rows(schema, text());
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static EventBatch changes() {
    EventBatchBuilder builder = new EventBatchBuilder(PAIRS);
    builder.row(RowKind.INSERT, 0, 1L, "a");
    builder.row(RowKind.UPDATE_BEFORE, 0, 1L, "a");
    builder.row(RowKind.UPDATE_AFTER, 0, 22L, null);
    return builder.build();
  }

  private List<String> write(Map<String, Object> options, EventBatch batch) {
    List<String> refused = new ArrayList<>();
    try (SinkWriter writer =
        connector()
            .create(OptionParser.parse(connector().descriptor(), options).orThrow(), PAIRS)
            .createWriter("out", 0, 1)) {
      writer.write(batch, (b, row, error) -> refused.add(error.getMessage()));
    }
    return refused;
  }

  @Test
  void table_hasHeadsAndAlignsNumbers() {
    write(Map.of(), changes());
    assertThat(text())
        .isEqualTo(
            """
            id  name
            --  ----
             1  a
            -U  1  a
            +U 22  \n""");
  }

  @Test
  void tableWithKinds_keepsItsColumns() {
    write(Map.of("rowKind", "always"), changes());
    assertThat(text())
        .isEqualTo(
            """
               id  name
               --  ----
            +I  1  a
            -U  1  a
            +U 22  \n""");
  }

  @Test
  void json_saysTheKindWhereItIsNoInsertion() {
    write(Map.of("format", "json"), changes());
    assertThat(text())
        .isEqualTo(
            """
            {"id":1,"name":"a"}
            {"$op":"-U","id":1,"name":"a"}
            {"$op":"+U","id":22,"name":null}
            """);
  }

  @Test
  void csv_refusesRetractionsUnlessKindsAreWritten() {
    List<String> refused = write(Map.of("format", "csv"), changes());
    assertThat(text()).isEqualTo("id,name\n1,a\n");
    assertThat(refused).hasSize(2).allMatch(m -> m.contains("insertions only"));
    out.reset();
    assertThat(write(Map.of("format", "csv", "rowKind", "always"), changes())).isEmpty();
    assertThat(text()).isEqualTo("$op,id,name\n+I,1,a\n-U,1,a\n+U,22,\n");
  }

  @Test
  void brokenPipe_isAnErrorOfTheOutside() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    SinkConnector connector = new ConsoleSinkConnector(broken);
    try (SinkWriter writer =
        connector
            .create(OptionParser.parse(connector.descriptor(), Map.of()).orThrow(), PAIRS)
            .createWriter("out", 0, 1)) {
      assertThatThrownBy(() -> writer.write(changes(), RecordFailures.FAIL))
          .isInstanceOfSatisfying(
              FluxCoreException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.EXTERNAL))
          .hasMessageContaining("Broken pipe");
    }
  }
}
