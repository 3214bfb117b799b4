package io.fluxcore.adapters.out.rabbitmq;

import com.rabbitmq.client.AMQP;
import io.fluxcore.adapters.out.format.TextValues;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What messages have beside their bytes.
 *
 * @param routingKey of all messages, where there is no field of it
 * @param routingKeyField -1: none
 * @param idField -1: none
 */
record MessageShape(
    Schema schema,
    String routingKey,
    int routingKeyField,
    int idField,
    List<String> headerFields,
    String contentType,
    boolean persistent) {
  private static final int PERSISTENT = 2;
  private static final int TRANSIENT = 1;

  /** The routing key of a row; null: its field is. */
  @Nullable String routingKey(EventBatch batch, int row, TextValues texts) {
    return routingKeyField < 0 ? routingKey : text(batch.column(routingKeyField), row, texts);
  }

  @SuppressWarnings("JavaUtilDate") // the client library takes no other
  AMQP.BasicProperties properties(EventBatch batch, int row, TextValues texts) {
    AMQP.BasicProperties.Builder properties =
        new AMQP.BasicProperties.Builder()
            .contentType(contentType)
            .deliveryMode(persistent ? PERSISTENT : TRANSIENT);
    if (idField >= 0) {
      properties.messageId(text(batch.column(idField), row, texts));
    }
    if (!headerFields.isEmpty()) {
      Map<String, Object> headers = new HashMap<>();
      for (String name : headerFields) {
        String value = text(batch.column(schema.ordinal(name)), row, texts);
        if (value != null) {
          headers.put(name, value);
        }
      }
      properties.headers(headers);
    }
    long millis = batch.timestamps()[row];
    if (millis != EventBatch.NO_TIMESTAMP) {
      properties.timestamp(new Date(millis));
    }
    return properties.build();
  }

  private static @Nullable String text(Column column, int row, TextValues texts) {
    return column.isNull(row) ? null : texts.text(column, row);
  }
}
