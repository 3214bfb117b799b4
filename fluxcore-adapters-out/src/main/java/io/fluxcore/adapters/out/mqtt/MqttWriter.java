package io.fluxcore.adapters.out.mqtt;

import io.fluxcore.adapters.out.format.MessageEncoder;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.TransientSinkException;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes messages, and keeps each until the broker has acknowledged it: what it has not is
 * published again, on this connection or the next one.
 */
final class MqttWriter implements SinkWriter {
  private static final String NO_TOPIC = "FLX-MQTT-0005";

  /**
   * Messages of quality 2 that are on their way: version 3.1.1 has no word for how many a broker
   * takes, and Mosquitto ends the connection at the twenty-first.
   */
  private static final int MOST_IN_VERSION_3 = 20;

  private final MqttSink sink;
  private final MessageEncoder encoder;
  private final String name;
  private final TextValues texts = new TextValues();
  private List<Outgoing> pending = new ArrayList<>();
  private RecordFailures failures = RecordFailures.FAIL;
  private @Nullable Publisher publisher;

  MqttWriter(MqttSink sink, MessageEncoder encoder, String name) {
    this.sink = sink;
    this.encoder = encoder;
    this.name = name;
  }

  @Override
  public void write(EventBatch batch, RecordFailures newFailures) {
    failures = newFailures;
    if (pending.size() >= sink.batchSize()) {
      flush();
    }
    encoder.encode(batch, failures);
    for (int i = 0; i < encoder.count(); i++) {
      int row = encoder.row(i);
      String topic = sink.topic().topic(batch, row, texts);
      String problem = topic == null ? "a field of it is null" : TopicPattern.problem(topic);
      if (topic == null || problem != null) {
        failures.failed(
            batch, row, new RecordException(NO_TOPIC, "the row gives no topic: " + problem));
      } else {
        pending.add(new Outgoing(batch, row, topic, encoder.bytes(i), properties(batch, row)));
      }
    }
  }

  private Map<String, String> properties(EventBatch batch, int row) {
    if (sink.propertyFields().isEmpty()) {
      return Map.of();
    }
    Map<String, String> properties = new LinkedHashMap<>();
    for (String field : sink.propertyFields()) {
      Column column = batch.column(sink.schema().ordinal(field));
      if (!column.isNull(row)) {
        properties.put(field, texts.text(column, row));
      }
    }
    return properties;
  }

  @Override
  public void flush() {
    if (pending.isEmpty()) {
      return;
    }
    Publisher open = connected();
    long deadline = System.nanoTime() + sink.acknowledgeTimeout().toNanos();
    publish(open, deadline);
    List<Outgoing> left = new ArrayList<>();
    String problem = null;
    for (Outgoing message : pending) {
      String one = outcome(message, deadline);
      if (one != null) {
        left.add(message);
        problem = problem == null ? one : problem;
      }
    }
    pending = left;
    if (problem != null) {
      if (!open.isOpen()) {
        close();
      }
      throw unreachable(problem, null);
    }
  }

  private void publish(Publisher open, long deadline) {
    int window = sink.isVersion5() || sink.qos() < 2 ? Integer.MAX_VALUE : MOST_IN_VERSION_3;
    for (int i = 0; i < pending.size(); i++) {
      if (i >= window && !isDecided(pending.get(i - window), deadline)) {
        return;
      }
      Outgoing message = pending.get(i);
      if (message.published == null) {
        message.published = open.publish(message);
      }
    }
  }

  /** Waits for what becomes of a message; whether it is known then. */
  private static boolean isDecided(Outgoing message, long deadline) {
    CompletableFuture<?> published = message.published;
    if (published != null) {
      try {
        published
            .handle((result, failure) -> true)
            .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (ExecutionException | TimeoutException e) {
        return false;
      }
    }
    return false;
  }

  /** Why a message is still to be published; null: it is done with. */
  private @Nullable String outcome(Outgoing message, long deadline) {
    CompletableFuture<?> published = message.published;
    if (published == null) {
      return "not published";
    }
    try {
      published.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      return null;
    } catch (ExecutionException e) {
      RecordException refusal = MqttErrors.refusal(e.getCause(), message.topic);
      if (refusal == null) {
        message.published = null;
        return MqttErrors.text(e.getCause());
      }
      failures.failed(message.batch, message.row, refusal);
      return null;
    } catch (TimeoutException e) {
      return "it has not acknowledged in " + sink.acknowledgeTimeout();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private Publisher connected() {
    Publisher open = publisher;
    if (open != null && open.isOpen()) {
      return open;
    }
    close();
    for (Outgoing message : pending) {
      CompletableFuture<?> published = message.published;
      if (published != null && (!published.isDone() || published.isCompletedExceptionally())) {
        message.published = null;
      }
    }
    Publisher next = sink.publisher(name);
    try {
      next.connect();
    } catch (IOException e) {
      throw unreachable(String.valueOf(e.getMessage()), e);
    }
    publisher = next;
    return next;
  }

  private TransientSinkException unreachable(String why, @Nullable Throwable cause) {
    return MqttErrors.unreachable(
        pending.size()
            + " messages are not acknowledged by the broker "
            + sink.server()
            + ": "
            + why,
        "they are published again until they are",
        cause);
  }

  @Override
  public void close() {
    Publisher open = publisher;
    publisher = null;
    if (open != null) {
      open.close();
    }
  }
}
