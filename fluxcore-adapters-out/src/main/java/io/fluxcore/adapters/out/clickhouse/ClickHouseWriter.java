package io.fluxcore.adapters.out.clickhouse;

import io.fluxcore.adapters.out.format.RefusedRows;
import io.fluxcore.adapters.out.format.RowBuffer;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.adapters.out.http.HttpAnswer;
import io.fluxcore.adapters.out.http.HttpSender;
import io.fluxcore.adapters.out.http.NoAnswerException;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Inserts rows, many at a time. An insertion that the server refuses for one of its rows has no
 * effect, and is halved until the row is found. What was taken stays with the writer until the
 * server has it.
 */
final class ClickHouseWriter implements SinkWriter {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private final ClickHouseOptions options;
  private final Schema rows;
  private final HttpSender sender;
  private final RowBuffer buffer = new RowBuffer();
  private final TextValues texts = new TextValues();
  private final Deque<List<Row>> toSend = new ArrayDeque<>();
  private List<Row> next = new ArrayList<>();
  private long nextBytes;
  private @Nullable List<TableColumn> columns;
  private RecordFailures failures = RecordFailures.FAIL;

  /** A row that waits, and its line. */
  private record Row(EventBatch batch, int row, byte[] line) {}

  ClickHouseWriter(ClickHouseOptions options, Schema rows) {
    this.options = options;
    this.rows = rows;
    this.sender = options.sender();
  }

  @Override
  public void write(EventBatch batch, RecordFailures newFailures) {
    failures = newFailures;
    List<TableColumn> known = columns();
    for (int i = 0; i < batch.size(); i++) {
      if (next.size() >= options.batchSize() || nextBytes >= options.batchBytes()) {
        send(i);
      }
      int row = batch.row(i);
      RowKind kind = batch.rowKind(row);
      try {
        if (kind != RowKind.INSERT) {
          throw RefusedRows.notAnInsertion(kind, "a table of ClickHouse");
        }
        byte[] line = line(known, batch, row);
        next.add(new Row(batch, row, line));
        nextBytes += line.length;
      } catch (RecordException e) {
        failures.failed(batch, row, e);
      }
    }
  }

  /** The table's columns, which are asked for when they are first needed. */
  private List<TableColumn> columns() {
    List<TableColumn> known = columns;
    if (known == null) {
      try {
        known = TableColumns.of(options, rows, sender);
      } catch (NoAnswerException e) {
        throw ClickHouseErrors.noAnswer(options, e.reason(), 0, e);
      }
      columns = known;
    }
    return known;
  }

  private byte[] line(List<TableColumn> known, EventBatch batch, int row) {
    buffer.reset();
    try (JsonGenerator generator =
        JSON.createGenerator(ObjectWriteContext.empty(), buffer, JsonEncoding.UTF8)) {
      generator.writeStartObject();
      for (int i = 0; i < known.size(); i++) {
        generator.writeName(known.get(i).name());
        known.get(i).write(batch.column(i), row, texts, generator);
      }
      generator.writeEndObject();
    } catch (JacksonException e) {
      throw new RecordException(
          ClickHouseErrors.VALUE, "the row cannot be written as JSON: " + e.getMessage(), e);
    }
    buffer.write('\n');
    return buffer.toByteArray();
  }

  private void send(int taken) {
    if (!next.isEmpty()) {
      toSend.add(next);
      next = new ArrayList<>();
      nextBytes = 0;
    }
    while (!toSend.isEmpty()) {
      sendFirst(taken);
    }
  }

  private void sendFirst(int taken) {
    List<Row> batch = toSend.getFirst();
    HttpAnswer answer;
    try {
      answer = insert(batch);
    } catch (NoAnswerException e) {
      throw ClickHouseErrors.noAnswer(options, e.reason(), taken, e);
    }
    if (!answer.isSuccess() && !ClickHouseErrors.isOfARow(answer)) {
      throw ClickHouseErrors.of(options, answer);
    }
    toSend.removeFirst();
    if (answer.isSuccess()) {
      return;
    }
    if (batch.size() > 1) {
      toSend.addFirst(batch.subList(batch.size() / 2, batch.size()));
      toSend.addFirst(batch.subList(0, batch.size() / 2));
      return;
    }
    Row row = batch.get(0);
    failures.failed(row.batch(), row.row(), ClickHouseErrors.row(options, answer));
  }

  private HttpAnswer insert(List<Row> batch) throws NoAnswerException {
    String names =
        columns().stream()
            .map(column -> "`" + column.name() + "`")
            .collect(Collectors.joining(", ", "(", ")"));
    buffer.reset();
    batch.forEach(row -> buffer.writeBytes(row.line()));
    byte[] body = buffer.toByteArray();
    Map<String, String> parameters = new LinkedHashMap<>(options.settings());
    if (options.deduplicationToken()) {
      parameters.put("insert_deduplication_token", token(body));
    }
    return sender.send(
        options.call(
            "INSERT INTO " + options.quotedTable() + " " + names + " FORMAT JSONEachRow",
            parameters,
            body),
        ClickHouseErrors::isForNow);
  }

  private static String token(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void flush() {
    send(0);
  }

  @Override
  public void close() {
    next.clear();
    toSend.clear();
    sender.close();
  }
}
