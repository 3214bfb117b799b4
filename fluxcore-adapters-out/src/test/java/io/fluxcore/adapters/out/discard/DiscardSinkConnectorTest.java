package io.fluxcore.adapters.out.discard;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of the contract of sinks only what does not ask for rows that are visible. */
final class DiscardSinkConnectorTest {
  private static final Schema SCHEMA = Schema.of(new Field("id", DataType.LONG));
  private final DiscardSinkConnector connector = new DiscardSinkConnector();

  @Test
  void nothing_canBeThereTwice() {
    assertThat(connector.descriptor().guarantee()).isEqualTo(DeliveryGuarantee.EXACTLY_ONCE);
    assertThat(connector.descriptor().options()).isEmpty();
  }

  @Test
  void rows_areTakenWithoutAFailure() {
    Sink sink =
        connector.create(OptionParser.parse(connector.descriptor(), Map.of()).orThrow(), SCHEMA);
    List<Integer> failed = new ArrayList<>();
    try (SinkWriter writer = sink.createWriter("out", 0, 1)) {
      writer.write(
          new EventBatchBuilder(SCHEMA).row(1, 7L).build(), (batch, row, e) -> failed.add(row));
      writer.flush();
    }
    assertThat(failed).isEmpty();
    assertThat(sink.keepsBatches()).isFalse();
  }
}
