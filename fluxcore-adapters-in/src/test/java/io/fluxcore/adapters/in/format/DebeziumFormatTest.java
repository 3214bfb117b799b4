package io.fluxcore.adapters.in.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DebeziumFormatTest {
  private static final Schema FIELDS =
      Schema.of(
          new Field("id", DataType.LONG),
          new Field("name", DataType.STRING),
          new Field("__op", DataType.STRING),
          new Field("__table", DataType.STRING),
          new Field("__source_ts_ms", DataType.LONG));

  private static final String SOURCE =
      "\"source\":{\"db\":\"shop\",\"schema\":\"public\",\"table\":\"orders\",\"ts_ms\":17}";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Messages.Result decode(Schema wanted, String... messages) {
    byte[][] all = new byte[messages.length][];
    for (int i = 0; i < all.length; i++) {
      all[i] = bytes(messages[i]);
    }
    return Messages.decode(new DebeziumFormat(null, FieldSettings.DEFAULT), wanted, all);
  }

  private static List<String> rows(Messages.Result result) {
    List<String> rows = new ArrayList<>();
    for (int r = 0; r < result.batch().rowCount(); r++) {
      RowKind kind = result.batch().rowKind(r);
      rows.add(kind.sign() + result.row(r));
    }
    return rows;
  }

  private static String change(String op, String before, String after) {
    return "{\"before\":"
        + before
        + ",\"after\":"
        + after
        + ","
        + SOURCE
        + ",\"op\":\""
        + op
        + "\",\"ts_ms\":99}";
  }

  @Test
  void changes_areRowsOfTheirKinds() {
    String row1 = "{\"id\":1,\"name\":\"a\"}";
    String row2 = "{\"id\":1,\"name\":\"b\"}";
    Messages.Result result =
        decode(
            FIELDS,
            change("r", "null", row1),
            change("c", "null", row1),
            change("u", row1, row2),
            "null",
            change("u", "null", row2),
            change("d", row2, "null"),
            "",
            "{\"op\":\"m\",\"message\":{\"prefix\":\"x\"}}");
    assertThat(result.bad()).isEmpty();
    assertThat(rows(result))
        .containsExactly(
            "+I[1, a, r, orders, 17]",
            "+I[1, a, c, orders, 17]",
            "-U[1, a, u, orders, 17]",
            "+U[1, b, u, orders, 17]",
            "+U[1, b, u, orders, 17]",
            "-D[1, b, d, orders, 17]");
    assertThat(result.records()).containsExactly(0, 1, 2, 2, 4, 5);
  }

  @Test
  void payloadBesideItsSchema_isReadByIt() {
    String schema =
        "{\"type\":\"struct\",\"fields\":[{\"field\":\"after\",\"type\":\"struct\",\"fields\":["
            + "{\"field\":\"day\",\"type\":\"int32\",\"name\":\"io.debezium.time.Date\"},"
            + "{\"field\":\"at\",\"type\":\"int64\",\"name\":\"io.debezium.time.Timestamp\"},"
            + "{\"field\":\"fine\",\"type\":\"int64\",\"name\":\"io.debezium.time.MicroTimestamp\"},"
            + "{\"field\":\"zoned\",\"type\":\"string\",\"name\":\"io.debezium.time.ZonedTimestamp\"},"
            + "{\"field\":\"price\",\"type\":\"bytes\",\"name\":\"org.apache.kafka.connect.data.Decimal\","
            + "\"parameters\":{\"scale\":\"2\"}}]}]}";
    String after =
        "{\"day\":20484,\"at\":1000,\"fine\":1000,\"zoned\":\"2026-01-31T10:00:00.5Z\",\"price\":\"AMk=\"}";
    Schema wanted =
        Schema.of(
            new Field("day", DataType.DATE),
            new Field("at", DataType.TIMESTAMP),
            new Field("fine", DataType.TIMESTAMP),
            new Field("zoned", DataType.TIMESTAMP_TZ),
            new Field("price", DataType.decimal(10, 2)));
    Messages.Result result =
        decode(
            wanted,
            "{\"schema\":" + schema + ",\"payload\":" + change("c", "null", after) + "}",
            change("c", "null", "{\"day\":1,\"at\":5}"));
    assertThat(result.bad()).isEmpty();
    assertThat(rows(result))
        .containsExactly(
            "+I[2026-01-31, 1970-01-01T00:00:01, 1970-01-01T00:00:00.001,"
                + " 2026-01-31T10:00:00.500Z, 2.01]",
            "+I[1970-01-02, 1970-01-01T00:00:00.005, null, null, null]");
  }

  @Test
  void messageThatNoRowsCanTell_isBad_andLeavesNone() {
    String row = "{\"id\":1,\"name\":\"a\"}";
    String wrong = "{\"id\":\"x\",\"name\":\"a\"}";
    Messages.Result result =
        decode(
            FIELDS,
            change("t", "null", "null"),
            change("d", "null", "null"),
            change("c", row, "null"),
            change("u", row, wrong),
            change("u", wrong, row),
            "{\"id\":1}",
            "[]",
            "{\"op\":\"c\",\"after\":{\"id\":1}",
            "{\"op\":\"c\",\"after\":{\"id\":1}} x",
            change("z", row, row),
            change("c", "null", row));
    assertThat(result.bad().stream().map(bad -> bad.split(" ")[0] + bad.split(" ")[1]).toList())
        .containsExactly(
            "0FLX-FORMAT-0022",
            "1FLX-FORMAT-0022",
            "2FLX-FORMAT-0022",
            "3FLX-FORMAT-0003",
            "4FLX-FORMAT-0003",
            "5FLX-FORMAT-0001",
            "6FLX-FORMAT-0001",
            "7FLX-FORMAT-0001",
            "8FLX-FORMAT-0001",
            "9FLX-FORMAT-0001");
    assertThat(rows(result)).containsExactly("+I[1, a, c, orders, 17]");
    assertThat(result.records()).containsExactly(10);
  }

  @Test
  void rowsOfAChange_haveTheTimeOfTheirMessage() {
    ReaderContext context = new ReaderContext("source", 0, 1, FIELDS, false, null, 10);
    MessageRows rows =
        new MessageRows(
            new DebeziumFormat(null, FieldSettings.DEFAULT), MessageFields.NONE, context, null);
    String row1 = "{\"id\":1,\"name\":\"a\"}";
    String row2 = "{\"id\":1,\"name\":\"b\"}";
    String[] messages = {"null", change("u", row1, row2), "{}", change("c", "null", row1)};
    for (int i = 0; i < messages.length; i++) {
      byte[] message = bytes(messages[i]);
      rows.add(message, 0, message.length, i, 100L + i);
    }
    rows.addNothing();
    Poll.Rows poll = rows.rows("s", new SplitPosition("end"), number -> "message " + number);
    assertThat(poll.batch().timestamps()).containsExactly(101, 101, 103);
    assertThat(poll.bad()).extracting(BadRecord::coordinates).containsExactly("message 2");
    assertThat(poll.filtered()).isEqualTo(2);
  }
}
