package io.fluxcore.adapters.in.springcloudstream;

import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import io.fluxcore.application.connector.MessageBindings.Received;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the headers of binders say of messages. */
final class ReceivedMessages {
  private static final int MICROS_PER_MILLI = 1000;
  private static final String KAFKA_TOPIC = "kafka_receivedTopic";
  private static final String KAFKA_PARTITION = "kafka_receivedPartitionId";
  private static final String KAFKA_OFFSET = "kafka_offset";
  private static final String KAFKA_TIME = "kafka_receivedTimestamp";
  private static final String KAFKA_KEY = "kafka_receivedMessageKey";
  private static final String RABBIT_ID = "amqp_messageId";
  private static final String RABBIT_TIME = "amqp_timestamp";
  private static final String RABBIT_KEY = "amqp_receivedRoutingKey";

  private final @Nullable String idHeader;

  ReceivedMessages(@Nullable String idHeader) {
    this.idHeader = idHeader;
  }

  Message message(Received received) {
    Map<String, String> headers = new HashMap<>();
    received
        .headers()
        .forEach(
            (name, value) -> {
              String text = text(value);
              if (text != null) {
                headers.put(name, text);
              }
            });
    String kafkaKey = headers.get(KAFKA_KEY);
    return new Message(
        received.bytes(),
        micros(received.headers()),
        new MessageProperties(
            id(headers), kafkaKey == null ? headers.get(RABBIT_KEY) : kafkaKey, headers));
  }

  /** The time of a message, or now where it has none. */
  private static long micros(Map<String, ?> headers) {
    if (headers.get(KAFKA_TIME) instanceof Long millis) {
      return millis * MICROS_PER_MILLI;
    }
    Instant time = headers.get(RABBIT_TIME) instanceof Date date ? date.toInstant() : Instant.now();
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  /** Offsets begin again in a topic that is made anew; times do not. */
  private @Nullable String id(Map<String, String> headers) {
    if (idHeader != null) {
      return headers.get(idHeader);
    }
    String offset = headers.get(KAFKA_OFFSET);
    return offset == null
        ? headers.get(RABBIT_ID)
        : headers.get(KAFKA_TOPIC)
            + "-"
            + headers.get(KAFKA_PARTITION)
            + "@"
            + offset
            + "/"
            + headers.get(KAFKA_TIME);
  }

  /** A header as text; null: it is an object of the binder's library. */
  private static @Nullable String text(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }
    return value instanceof CharSequence || value instanceof Number || value instanceof Boolean
        ? value.toString()
        : null;
  }
}
