package io.fluxcore.adapters.out.springcloudstream;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages, and keeps each until it is confirmed: what is not when {@link #flush} gives up is
 * sent again.
 */
final class BindingWriter implements SinkWriter {
  private static final String NOT_CONFIRMED = "FLX-BINDING-0005";
  private static final int MOST_PENDING = 1_000;

  private final BindingSink sink;
  private final MessageEncoder encoder;
  private final TextValues texts = new TextValues();
  private final List<Outgoing> pending = new ArrayList<>();

  BindingWriter(BindingSink sink, MessageEncoder encoder) {
    this.sink = sink;
    this.encoder = encoder;
  }

  /** A message that is not confirmed. */
  private static final class Outgoing {
    final byte[] bytes;
    final Map<String, String> headers;

    /** Null: it is to be sent. */
    @Nullable CompletableFuture<?> confirmed;

    Outgoing(byte[] bytes, Map<String, String> headers) {
      this.bytes = bytes;
      this.headers = headers;
    }
  }

  @Override
  public void write(EventBatch batch, RecordFailures failures) {
    if (pending.size() >= MOST_PENDING) {
      flush();
    }
    encoder.encode(batch, failures);
    for (int i = 0; i < encoder.count(); i++) {
      pending.add(new Outgoing(encoder.bytes(i), headers(batch, encoder.row(i))));
    }
  }

  private Map<String, String> headers(EventBatch batch, int row) {
    Map<String, String> headers = new HashMap<>();
    headers.put("contentType", sink.contentType());
    for (String name : sink.headerFields()) {
      Column column = batch.column(sink.schema().ordinal(name));
      if (!column.isNull(row)) {
        headers.put(name, texts.text(column, row));
      }
    }
    return headers;
  }

  @Override
  public void flush() {
    Exception problem = send();
    long until = System.nanoTime() + sink.confirmTimeout().toNanos();
    List<Outgoing> unconfirmed = new ArrayList<>();
    for (Outgoing message : pending) {
      Exception refusal = awaitConfirmation(message, until);
      if (refusal != null) {
        problem = refusal;
        message.confirmed = null;
        unconfirmed.add(message);
      } else if (message.confirmed == null) {
        unconfirmed.add(message);
      }
    }
    pending.clear();
    pending.addAll(unconfirmed);
    if (problem != null) {
      throw new TransientSinkException(
          Diagnostic.error(
              NOT_CONFIRMED,
              Place.of("binding"),
              pending.size()
                  + " messages are not confirmed at binding '"
                  + sink.binding()
                  + "': "
                  + problem,
              "they are sent again until they are"),
          0,
          problem);
    }
  }

  /** Sends what is to be sent; what has gone wrong, or null. */
  private @Nullable Exception send() {
    for (Outgoing message : pending) {
      if (message.confirmed == null) {
        try {
          message.confirmed =
              sink.bindings()
                  .send(sink.binding(), message.bytes, message.headers)
                  .toCompletableFuture();
        } catch (RuntimeException e) {
          return e; // those behind it stay in order
        }
      }
    }
    return null;
  }

  private static @Nullable Exception awaitConfirmation(Outgoing message, long until) {
    if (message.confirmed == null) {
      return null;
    }
    try {
      message.confirmed.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      return null;
    } catch (ExecutionException | TimeoutException e) {
      return e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    }
  }

  @Override
  public void close() {
    pending.clear();
  }
}
