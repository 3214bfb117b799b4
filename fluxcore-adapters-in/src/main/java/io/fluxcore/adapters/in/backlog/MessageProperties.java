package io.fluxcore.adapters.in.backlog;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came with a message beside its bytes.
 *
 * @param id its identity where it came from
 * @param key a routing key, a topic
 * @param headers name and value
 */
public record MessageProperties(
    @Nullable String id, @Nullable String key, Map<String, String> headers) {
  /** Nothing. */
  public static final MessageProperties NONE = new MessageProperties(null, null, Map.of());

  public MessageProperties {
    headers = Map.copyOf(headers);
  }

  boolean isEmpty() {
    return id == null && key == null && headers.isEmpty();
  }
}
