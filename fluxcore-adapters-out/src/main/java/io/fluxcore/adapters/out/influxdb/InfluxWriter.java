package io.fluxcore.adapters.out.influxdb;

import io.fluxcore.adapters.out.format.RefusedRows;
import io.fluxcore.adapters.out.http.HttpAnswer;
import io.fluxcore.adapters.out.http.HttpCall;
import io.fluxcore.adapters.out.http.HttpSender;
import io.fluxcore.adapters.out.http.NoAnswerException;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Sends points, some at a time. A request that the server refuses for one of its points is halved
 * until the point is found; what is sent twice by that changes nothing. What was taken stays with
 * the writer until the server has it.
 */
final class InfluxWriter implements SinkWriter {
  private final InfluxOptions options;
  private final HttpSender sender;
  private final LineProtocol lines;
  private final List<Point> next = new ArrayList<>();
  private final Deque<List<Point>> toSend = new ArrayDeque<>();
  private RecordFailures failures = RecordFailures.FAIL;

  /** A row that waits, as a line. */
  private record Point(EventBatch batch, int row, String line) {}

  InfluxWriter(InfluxOptions options, Schema rows) {
    this.options = options;
    this.sender =
        HttpSender.toAnywhere(
            options.timeout(), options.retryTimeout(), options.tls(), options.gzip());
    this.lines = new LineProtocol(options, rows);
  }

  @Override
  public void write(EventBatch batch, RecordFailures newFailures) {
    failures = newFailures;
    for (int i = 0; i < batch.size(); i++) {
      if (next.size() >= options.batchSize()) {
        send(i);
      }
      int row = batch.row(i);
      RowKind kind = batch.rowKind(row);
      try {
        if (kind != RowKind.INSERT) {
          throw RefusedRows.notAnInsertion(kind, "InfluxDB");
        }
        next.add(new Point(batch, row, lines.of(batch, row)));
      } catch (RecordException e) {
        failures.failed(batch, row, e);
      } catch (ArithmeticException e) {
        failures.failed(batch, row, InfluxErrors.noPoint("its time is out of range"));
      }
    }
  }

  private void send(int taken) {
    if (!next.isEmpty()) {
      toSend.add(List.copyOf(next));
      next.clear();
    }
    while (!toSend.isEmpty()) {
      sendFirst(taken);
    }
  }

  private void sendFirst(int taken) {
    List<Point> points = toSend.getFirst();
    HttpAnswer answer;
    try {
      answer = sender.send(call(options, points), InfluxWriter::isForNow);
    } catch (NoAnswerException e) {
      throw InfluxErrors.noAnswer(options, e.reason(), taken, e);
    }
    toSend.removeFirst();
    if (answer.isSuccess()) {
      return;
    }
    if (answer.status() != 400 && answer.status() != 413 && answer.status() != 422) {
      throw InfluxErrors.of(options, answer);
    }
    if (points.size() > 1) {
      toSend.addFirst(points.subList(points.size() / 2, points.size()));
      toSend.addFirst(points.subList(0, points.size() / 2));
      return;
    }
    Point point = points.get(0);
    failures.failed(point.batch(), point.row(), InfluxErrors.row(answer));
  }

  private static boolean isForNow(HttpAnswer answer) {
    return answer.isForNow() || answer.status() >= 500;
  }

  private static HttpCall call(InfluxOptions options, List<Point> points) {
    StringBuilder body = new StringBuilder();
    points.forEach(point -> body.append(point.line()).append('\n'));
    return authorized(
        options,
        HttpCall.post(options.write(), body.toString().getBytes(StandardCharsets.UTF_8))
            .with("Content-Type", "text/plain; charset=utf-8"));
  }

  private static HttpCall authorized(InfluxOptions options, HttpCall call) {
    String token = options.token().read();
    if (token != null) {
      return call.with("Authorization", "Token " + token);
    }
    String user = options.user();
    return user == null
        ? call
        : call.with("Authorization", HttpSender.basic(user, options.password().read()));
  }

  /** Writes nothing, and so finds out whether the server would let us. */
  static void check(InfluxOptions options) {
    try (HttpSender sender =
        HttpSender.toAnywhere(options.timeout(), options.retryTimeout(), options.tls(), false)) {
      HttpAnswer answer = sender.once(call(options, List.of()));
      if (answer.status() == 401 || answer.status() == 403 || answer.status() == 404) {
        throw InfluxErrors.of(options, answer);
      }
    } catch (NoAnswerException e) {
      throw InfluxErrors.noAnswer(options, e.reason(), 0, e);
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
