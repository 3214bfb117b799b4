package io.fluxcore.adapters.out.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MessageEncoderTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("id", DataType.LONG)
          .field("name", DataType.STRING)
          .field("data", DataType.BYTES)
          .build();

  private static MessageEncoder encoder(Map<String, ?> options) {
    OptionProblems problems = new OptionProblems("messages");
    MessageEncoder.Factory factory =
        EncoderOptions.messages(
            OptionParser.parse(
                    new ConnectorDescriptor(
                        "messages",
                        "Messages.",
                        EncoderOptions.ofMessages(),
                        Set.of(),
                        DeliveryGuarantee.AT_LEAST_ONCE),
                    options)
                .orThrow(),
            SCHEMA,
            problems);
    problems.throwIfAny();
    return factory.create();
  }

  private static EventBatch batch() {
    EventBatchBuilder rows = new EventBatchBuilder(SCHEMA);
    rows.row(0, 1L, "a", new byte[] {1, 2});
    rows.row(0, 2L, "line\nend", null);
    rows.row(RowKind.DELETE, 0, 3L, "c", null);
    rows.row(0, 4L, null, new byte[0]);
    return rows.build();
  }

  private static List<String> messages(MessageEncoder encoder, EventBatch batch, List<String> bad) {
    encoder.encode(batch, (failed, row, error) -> bad.add(row + " " + error.code()));
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < encoder.count(); i++) {
      messages.add(
          encoder.row(i) + " " + new String(encoder.bytes(i), StandardCharsets.ISO_8859_1));
    }
    return messages;
  }

  @Test
  void json_saysWhatARowDoesWhereItIsNoInsertion() {
    List<String> bad = new ArrayList<>();
    assertThat(messages(encoder(Map.of()), batch(), bad))
        .containsExactly(
            "0 {\"id\":1,\"name\":\"a\",\"data\":\"AQI=\"}",
            "1 {\"id\":2,\"name\":\"line\\nend\",\"data\":null}",
            "2 {\"$op\":\"-D\",\"id\":3,\"name\":\"c\",\"data\":null}",
            "3 {\"id\":4,\"name\":null,\"data\":\"\"}");
    assertThat(bad).isEmpty();
  }

  @Test
  void rowsThatAreRefused_giveNoMessage() {
    List<String> bad = new ArrayList<>();
    MessageEncoder csv = encoder(Map.of("format", "csv", "nullText", "-"));
    assertThat(messages(csv, batch(), bad))
        .containsExactly("0 1,a,AQI=", "1 2,\"line\nend\",-", "3 4,-,\"\"");
    assertThat(bad).containsExactly("2 FLX-SINK-0001");
    EventBatch one = batch().withSelection(new int[] {3}, 1);
    assertThat(messages(csv, one, bad)).containsExactly("3 4,-,\"\"");
  }

  @Test
  void oneField_asTextOrAsBytes() {
    List<String> bad = new ArrayList<>();
    EventBatch two = batch().withSelection(new int[] {0, 1}, 2);
    assertThat(messages(encoder(Map.of("format", "text", "valueField", "name")), two, bad))
        .containsExactly("0 a", "1 line\nend");
    assertThat(messages(encoder(Map.of("format", "text", "valueField", "data")), two, bad))
        .containsExactly("0 AQI=", "1 ");
    assertThat(messages(encoder(Map.of("format", "raw", "valueField", "data")), two, bad))
        .containsExactly("0 \u0001\u0002", "1 ");
    assertThat(messages(encoder(Map.of("format", "raw", "valueField", "id")), two, bad))
        .containsExactly("0 1", "1 2");
    assertThat(bad).isEmpty();
  }

  @Test
  void lines_areAsTheyWere() {
    RowBuffer out = new RowBuffer();
    RowEncoder.json(SCHEMA, RowKinds.NEVER)
        .encode(batch().withSelection(new int[] {0}, 1), RecordFailures.FAIL, out);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"id\":1,\"name\":\"a\",\"data\":\"AQI=\"}\n");
  }

  @Test
  void wrongOptions_areTold() {
    assertThatThrownBy(() -> encoder(Map.of("format", "text")))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("valueField");
    assertThatThrownBy(() -> encoder(Map.of("format", "raw", "valueField", "x")))
        .hasMessageContaining("no field 'x'");
    assertThatThrownBy(() -> encoder(Map.of("valueField", "name"))).hasMessageContaining("json");
  }
}
