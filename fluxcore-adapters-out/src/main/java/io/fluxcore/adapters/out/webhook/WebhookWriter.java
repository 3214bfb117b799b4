package io.fluxcore.adapters.out.webhook;

import io.fluxcore.adapters.out.format.RowBuffer;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.adapters.out.format.RowKinds;
import io.fluxcore.adapters.out.http.HttpAnswer;
import io.fluxcore.adapters.out.http.HttpCall;
import io.fluxcore.adapters.out.http.HttpSender;
import io.fluxcore.adapters.out.http.NoAnswerException;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.RecordFailures;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Posts rows in their order, one request at a time. What the receiver does not take now is posted
 * again, with the same key of idempotency; what it says is wrong with a request is told of its
 * rows.
 */
final class WebhookWriter implements SinkWriter {
  private static final String NO_ANSWER = "FLX-WEBHOOK-0002";
  private static final String REDIRECT = "FLX-WEBHOOK-0003";
  private static final String ROW = "FLX-WEBHOOK-0101";
  private static final int KEY_BYTES = 16;

  private final WebhookOptions options;
  private final HttpSender sender;
  private final RowEncoder encoder;
  private final RowBuffer buffer = new RowBuffer();
  private final List<Row> pending = new ArrayList<>();
  private final InstantSource clock = InstantSource.system();
  private RecordFailures failures = RecordFailures.FAIL;

  /** A row that waits, and its JSON. */
  private record Row(EventBatch batch, int row, byte[] json) {}

  WebhookWriter(WebhookOptions options, Schema rows) {
    this.options = options;
    this.sender =
        HttpSender.guarded(
            options.timeout(), options.retryTimeout(), options.tls(), options.rule());
    this.encoder = RowEncoder.json(rows, RowKinds.AUTO);
  }

  @Override
  public void write(EventBatch batch, RecordFailures newFailures) {
    failures = newFailures;
    for (int i = 0; i < batch.size(); i++) {
      if (pending.size() >= options.batchSize()) {
        send(i);
      }
      int row = batch.row(i);
      try {
        pending.add(new Row(batch, row, json(batch, row)));
      } catch (RecordException e) {
        failures.failed(batch, row, e);
      }
    }
  }

  private byte[] json(EventBatch batch, int row) {
    buffer.reset();
    encoder.encode(
        batch.withSelection(new int[] {row}, 1),
        (rows, at, error) -> {
          throw error;
        },
        buffer);
    byte[] line = buffer.toByteArray();
    return Arrays.copyOf(line, line.length - 1);
  }

  private void send(int taken) {
    if (pending.isEmpty()) {
      return;
    }
    byte[] body = body();
    HttpAnswer answer;
    try {
      answer = sender.send(call(body), WebhookWriter::isForNow);
    } catch (NoAnswerException e) {
      throw new TransientSinkException(
          Diagnostic.error(
              NO_ANSWER,
              Place.of("url"),
              "cannot post to " + options.url() + " now: " + e.reason(),
              "see whether the receiver runs and can be reached"),
          taken,
          e);
    }
    if (answer.status() >= 300 && answer.status() < 400) {
      throw FluxCoreException.user(
          REDIRECT,
          Place.of("url"),
          options.url()
              + " answers with "
              + answer.reason()
              + (answer.header("location") == null
                  ? ""
                  : ", and sends on to " + answer.header("location")),
          "give the URL that it sends on to: redirects are not followed");
    }
    List<Row> sent = List.copyOf(pending);
    pending.clear();
    if (!answer.isSuccess()) {
      RecordException why =
          new RecordException(ROW, options.url() + " does not accept the row: " + answer.reason());
      sent.forEach(row -> failures.failed(row.batch(), row.row(), why));
    }
  }

  private static boolean isForNow(HttpAnswer answer) {
    return answer.isForNow() || answer.status() >= 500;
  }

  private byte[] body() {
    if (!options.isArray()) {
      return pending.get(0).json();
    }
    buffer.reset();
    buffer.write('[');
    for (int i = 0; i < pending.size(); i++) {
      if (i > 0) {
        buffer.write(',');
      }
      buffer.writeBytes(pending.get(i).json());
    }
    buffer.write(']');
    return buffer.toByteArray();
  }

  private HttpCall call(byte[] body) {
    HttpCall call =
        HttpCall.post(options.url(), body)
            .with("Content-Type", "application/json")
            .with("User-Agent", "FluxCore")
            .with(options.headers())
            .with("Idempotency-Key", key(body));
    String token = options.token().read();
    if (token != null) {
      call = call.with("Authorization", "Bearer " + token);
    }
    String secret = options.secret().read();
    return secret == null
        ? call
        : call.with(
            options.signatureHeader(),
            Signature.of(secret, clock.instant().getEpochSecond(), body));
  }

  /** The same for the same rows at the same times of their events, whenever they are posted. */
  private String key(byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Row row : pending) {
        digest.update((row.batch().timestamps()[row.row()] + ".").getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest(body), 0, KEY_BYTES);
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
    pending.clear();
    sender.close();
  }
}
