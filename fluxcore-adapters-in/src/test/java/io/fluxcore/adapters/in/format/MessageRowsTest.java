package io.fluxcore.adapters.in.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.RawRecords;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MessageRowsTest {
  private static final SplitPosition END = new SplitPosition("end");
  private static final List<String> OTHERS = List.of("topic", "offset");

  private static ConnectorDescriptor descriptor() {
    List<OptionSpec> options = new ArrayList<>(FormatOptions.ofMessages());
    options.add(MessageFields.option(OTHERS));
    return new ConnectorDescriptor(
        "messages", "Messages.", options, Set.of(), DeliveryGuarantee.AT_LEAST_ONCE);
  }

  private static ConnectorOptions options(Map<String, ?> given) {
    return OptionParser.parse(descriptor(), given).orThrow();
  }

  private static RecordFormat format(Map<String, ?> given) {
    return new FormatOptions(
            options(given),
            new ConnectorServices(JdkRegexCompiler.INSTANCE),
            new OptionProblems("messages"))
        .message();
  }

  private static MessageRows rows(Map<String, ?> given, Schema schema, int batchRows) {
    OptionProblems problems = new OptionProblems("messages");
    MessageFields fields =
        MessageFields.of(options(given), OTHERS, format(given).schema(), problems);
    problems.throwIfAny();
    return new MessageRows(
        format(given),
        fields,
        new ReaderContext("in", 0, 1, schema, true, null, batchRows),
        "offset");
  }

  private static void add(MessageRows rows, String text, long number, long millis) {
    rows.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), number, millis);
  }

  private static Schema schema(String name, DataType type) {
    return Schema.builder().field(name, type).build();
  }

  private static Poll.Rows take(MessageRows rows) {
    return rows.rows("s-0", END, number -> "s-0@" + number, Map.of("topic", "s"));
  }

  private static List<EventRecord> records(Poll.Rows rows) {
    return SourceReading.records(rows.batch());
  }

  @Test
  void json_whatLiesBesideTheBytes_isInTheEnvelopeAndInFields() {
    Schema schema =
        Schema.builder()
            .field("offset", DataType.LONG)
            .field("n", DataType.LONG)
            .field("key", DataType.STRING)
            .field("at", DataType.TIMESTAMP_TZ)
            .field("trace", DataType.STRING)
            .field("topic", DataType.STRING)
            .build();
    MessageRows rows =
        rows(
            Map.of(
                "metadata",
                Map.of(
                    "offset", "offset",
                    "key", "key",
                    "at", "timestamp",
                    "trace", "header:trace",
                    "topic", "topic")),
            schema,
            10);
    add(rows, "{\"n\":1}", 7, 1_000);
    rows.key(ByteBuffer.wrap("kéy".getBytes(StandardCharsets.UTF_8)));
    rows.headers(Map.of("trace", "t1", "other", "o"));
    add(rows, "{\"n\":\"bad\"}", 8, 2_000);
    rows.key(ByteBuffer.wrap("lost".getBytes(StandardCharsets.UTF_8)));
    add(rows, "{\"n\":\n 3}\r\n", 12, 3_000);
    Poll.Rows read = take(rows);
    List<EventRecord> events = records(read);
    assertThat(events).hasSize(2);
    EventRecord first = events.get(0);
    assertThat(List.of(first.get("offset"), first.get("n"), first.get("key"), first.get("topic")))
        .isEqualTo(List.of(7L, 1L, "kéy", "s"));
    assertThat(first.get("at")).isEqualTo(Instant.ofEpochMilli(1_000));
    assertThat(first.get("trace")).isEqualTo("t1");
    assertThat(first.key()).isEqualTo("kéy");
    assertThat(first.headers()).isEqualTo(Map.of("trace", "t1", "other", "o"));
    assertThat(first.timestamp()).isEqualTo(1_000);
    assertThat(first.source()).isEqualTo("in");
    EventRecord second = events.get(1);
    assertThat(second.get("n")).isEqualTo(3L);
    assertThat(second.get("offset")).isEqualTo(12L);
    assertThat(second.key()).isNull();
    assertThat(second.get("trace")).isNull();
    assertThat(second.headers()).isEmpty();
    assertThat(second.timestamp()).isEqualTo(3_000);
    assertThat(read.bad().stream().map(BadRecord::coordinates)).containsExactly("s-0@8");
    assertThat(new String(read.bad().get(0).bytes(), StandardCharsets.UTF_8))
        .isEqualTo("{\"n\":\"bad\"}");
  }

  @Test
  void messageWithoutBytes_givesNoRow_andIsCountedAsFiltered() {
    MessageRows rows = rows(Map.of(), schema("n", DataType.LONG), 10);
    rows.addNothing();
    add(rows, "{\"n\":1}", 1, 1);
    rows.addNothing();
    Poll.Rows read = take(rows);
    assertThat(read.filtered()).isEqualTo(2);
    assertThat(records(read)).hasSize(1);
    assertThat(rows.isEmpty()).isTrue();
    assertThat(take(rows).filtered()).isZero();
  }

  @Test
  void emptyMessage_isARecordLikeAnyOther() {
    MessageRows json = rows(Map.of(), schema("n", DataType.LONG), 10);
    add(json, "", 1, 1);
    add(json, "{\"n\":1}", 2, 1);
    add(json, "\n", 3, 1);
    Poll.Rows read = take(json);
    assertThat(records(read)).hasSize(1);
    assertThat(read.bad()).hasSize(2);

    MessageRows text = rows(Map.of("format", "text"), schema("line", DataType.STRING), 10);
    add(text, "", 1, 1);
    add(text, "two\nlines\n", 2, 1);
    assertThat(records(take(text)).stream().map(r -> r.get("line")))
        .containsExactly("", "two\nlines");

    MessageRows raw = rows(Map.of("format", "raw"), schema("bytes", DataType.BYTES), 10);
    add(raw, "", 1, 1);
    add(raw, "a\n", 2, 1);
    assertThat(records(take(raw)).stream().map(r -> (byte[]) r.get("bytes")))
        .containsExactly(new byte[0], new byte[] {'a', '\n'});
  }

  @Test
  void csv_eachMessageIsOneRecord() {
    Schema schema = Schema.builder().field("a", DataType.LONG).field("b", DataType.STRING).build();
    MessageRows rows = rows(Map.of("format", "csv", "columns", "a,b"), schema, 10);
    add(rows, "1,x\n", 1, 1);
    add(rows, "2,\"two\nlines\"", 2, 1);
    add(rows, "3", 3, 1);
    Poll.Rows read = take(rows);
    assertThat(records(read).stream().map(r -> r.get("b"))).containsExactly("x", "two\nlines");
    assertThat(read.bad()).hasSize(1);
  }

  @Test
  void manyAndLargeMessages_growTheBuffer() {
    MessageRows rows = rows(Map.of("format", "text"), schema("line", DataType.STRING), 100);
    String large = "x".repeat(100_000);
    int added = 0;
    while (!rows.isFull()) {
      add(rows, large + added, added, added);
      added++;
    }
    List<EventRecord> read = records(take(rows));
    assertThat(read).hasSize(added);
    for (int i = 0; i < added; i++) {
      assertThat(read.get(i).get("line")).isEqualTo(large + i);
      assertThat(read.get(i).timestamp()).isEqualTo(i);
    }
  }

  @Test
  void keptRecords_areTheMessages_andCanBeDecodedAgain() {
    MessageRows rows =
        rows(
            Map.of("metadata", Map.of("k", "key")),
            Schema.builder().field("n", DataType.LONG).field("k", DataType.STRING).build(),
            10);
    add(rows, "{\"n\":5}\n", 1, 9);
    rows.key(ByteBuffer.wrap(new byte[] {'k'}));
    Poll.Rows read = take(rows);
    RawRecords raw = read.batch().rawRecords();
    assertThat(raw).isNotNull();
    byte[] kept = raw.bytes(0);
    assertThat(new String(kept, StandardCharsets.UTF_8)).isEqualTo("{\"n\":5}");
    EventRecord again = SourceReading.records(rows.decode(kept, 77).batch()).get(0);
    assertThat(again.get("n")).isEqualTo(5L);
    assertThat(again.get("k")).isNull();
    assertThat(again.timestamp()).isEqualTo(77);
  }

  @Test
  void keyAsBytes_isAsItIs() {
    MessageRows rows =
        rows(Map.of("metadata", Map.of("k", "key")), schema("k", DataType.BYTES), 10);
    add(rows, "{}", 1, 1);
    rows.key(ByteBuffer.wrap(new byte[] {(byte) 0xff, 0}));
    add(rows, "{}", 2, 1);
    List<EventRecord> read = records(take(rows));
    assertThat(read.get(0).get("k")).isEqualTo(new byte[] {(byte) 0xff, 0});
    assertThat(read.get(1).get("k")).isNull();
  }

  @Test
  void fieldOfAnotherType_isRefused() {
    assertThatThrownBy(
            () -> rows(Map.of("metadata", Map.of("k", "offset")), schema("k", DataType.STRING), 10))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-FORMAT-0105")
        .hasMessageContaining("long");
  }

  @Test
  void wrongMetadata_isToldAtOnce() {
    assertThatThrownBy(
            () ->
                rows(
                    Map.of(
                        "schema",
                        Map.of("n", "long"),
                        "metadata",
                        Map.of("n", "key", "x", "nonsense", "y", "header:")),
                    schema("n", DataType.LONG),
                    10))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.diagnostics()).hasSize(3));
  }

  @Test
  void rawFormat_hasOneField() {
    assertThatThrownBy(() -> format(Map.of("format", "raw", "schema", Map.of("n", "long"))))
        .hasMessageContaining("bytes");
    assertThatThrownBy(() -> rows(Map.of("format", "raw"), schema("n", DataType.LONG), 10))
        .hasMessageContaining("FLX-FORMAT-0104");
  }
}
