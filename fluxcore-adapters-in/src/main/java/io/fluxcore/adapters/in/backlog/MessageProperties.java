package io.fluxcore.adapters.in.backlog;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came with a message beside its bytes.
 *
 * @param id its identity where it came from
 * @param key a routing key, a topic
 * @param headers name and value
 * @param flaw what is wrong with the message, known when it came; null: nothing
 */
public record MessageProperties(
    @Nullable String id, @Nullable String key, Map<String, String> headers, @Nullable Flaw flaw) {
  /** Nothing. */
  public static final MessageProperties NONE = new MessageProperties(null, null, Map.of());

  /**
   * Why a message is no record, whatever its format: it is one of the bad ones.
   *
   * @param code stable code of the error
   * @param message what is wrong with it
   */
  public record Flaw(String code, String message) {}

  public MessageProperties {
    headers = Map.copyOf(headers);
  }

  /** Of a message that is well, as far as is known. */
  public MessageProperties(@Nullable String id, @Nullable String key, Map<String, String> headers) {
    this(id, key, headers, null);
  }

  /** The same with something wrong. */
  public MessageProperties with(Flaw what) {
    return new MessageProperties(id, key, headers, what);
  }

  boolean isEmpty() {
    return id == null && key == null && headers.isEmpty() && flaw == null;
  }
}
