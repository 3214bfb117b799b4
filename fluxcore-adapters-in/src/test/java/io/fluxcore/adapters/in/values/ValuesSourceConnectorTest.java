package io.fluxcore.adapters.in.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ValuesSourceConnectorTest extends SourceConnectorContract {

  @Override
  protected SourceConnector connector() {
    return new ValuesSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    StringBuilder rows = new StringBuilder("[");
    for (int i = 0; i < 20; i++) {
      rows.append(i == 0 ? "" : ", ").append("{\"id\": ").append(i);
      rows.append(i % 3 == 0 ? "}" : ", \"name\": \"n" + i + "\"}");
    }
    return Map.of("rows", rows.append(']').toString());
  }

  @Override
  protected Schema schema() {
    return Schema.of(new Field("id", DataType.LONG), new Field("name", DataType.STRING));
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<EventRecord> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(EventRecord.of(schema(), 0, (long) i, i % 3 == 0 ? null : "n" + i));
    }
    return List.of(rows);
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("rows", "[]");
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    return Map.of("rows", "[{\"id\": 1}");
  }

  @Test
  void value_ofAnotherType_isAnErrorWithRowAndField() {
    Source source = source(Map.of("rows", "[{\"id\": 1}, {\"id\": \"x\"}]"));
    assertThatThrownBy(() -> source.createReader(SourceReading.context(schema(), 10)))
        .hasMessageContaining("FLX-VALUES-0001")
        .hasMessageContaining("rows[1].id");
    assertThat(source.isBounded()).isTrue();
  }
}
