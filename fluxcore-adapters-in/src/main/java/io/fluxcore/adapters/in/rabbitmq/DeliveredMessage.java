package io.fluxcore.adapters.in.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Envelope;
import io.fluxcore.adapters.in.backlog.Message;
import io.fluxcore.adapters.in.backlog.MessageProperties;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the server hands over, as a message. */
final class DeliveredMessage {
  private static final int MICROS_PER_MILLI = 1000;

  /** Of a message of a queue that is no stream. */
  static final long NO_OFFSET = -1;

  private DeliveredMessage() {}

  /** The offset of a message of a stream. */
  static long offset(AMQP.BasicProperties properties) {
    Map<String, Object> headers = properties.getHeaders();
    return headers != null && headers.get(StreamInflow.OFFSET_ARGUMENT) instanceof Long offset
        ? offset
        : NO_OFFSET;
  }

  @SuppressWarnings("JavaUtilDate") // the client library gives no other
  static Message of(
      Envelope envelope, AMQP.BasicProperties properties, byte[] body, boolean byMessageId) {
    Map<String, String> headers = new HashMap<>();
    put(headers, "exchange", envelope.getExchange());
    put(headers, "message-id", properties.getMessageId());
    put(headers, "correlation-id", properties.getCorrelationId());
    put(headers, "content-type", properties.getContentType());
    put(headers, "type", properties.getType());
    put(headers, "app-id", properties.getAppId());
    put(headers, "reply-to", properties.getReplyTo());
    Map<String, Object> own = properties.getHeaders();
    if (own != null) {
      own.forEach((name, value) -> put(headers, name, value));
    }
    Date sent = properties.getTimestamp();
    long millis = sent == null ? System.currentTimeMillis() : sent.getTime();
    return new Message(
        body,
        millis * MICROS_PER_MILLI,
        new MessageProperties(
            byMessageId ? properties.getMessageId() : properties.getCorrelationId(),
            envelope.getRoutingKey(),
            headers));
  }

  private static void put(Map<String, String> headers, String name, @Nullable Object value) {
    String text = value == null ? "" : value.toString();
    if (!text.isEmpty()) {
      headers.put(name, text);
    }
  }
}
