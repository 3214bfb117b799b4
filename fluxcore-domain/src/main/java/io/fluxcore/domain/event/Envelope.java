package io.fluxcore.domain.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What events of a batch carry beside their fields. Each part is null where no event of the batch
 * has it, so that what is not used costs nothing.
 *
 * @param ids identity of each event at its source
 * @param source name of the source, one for the batch
 * @param types kind of each event
 * @param keys the source's key of each event (a Kafka key, an AMQP routing key)
 * @param priorities larger is more important
 * @param headers per row, entries may be null
 */
public record Envelope(
    @Nullable StringColumn ids,
    @Nullable String source,
    @Nullable StringColumn types,
    @Nullable StringColumn keys,
    int @Nullable [] priorities,
    @Nullable Map<String, String> @Nullable [] headers) {

  /** Nothing. */
  public static final Envelope NONE = new Envelope(null, null, null, null, null, null);

  /** Only the source's name. */
  public static Envelope ofSource(String source) {
    return new Envelope(null, source, null, null, null, null);
  }

  /** These rows of the parts. */
  @SuppressWarnings("unchecked")
  public Envelope gather(int[] rows, int count) {
    if (ids == null && types == null && keys == null && priorities == null && headers == null) {
      return this;
    }
    int @Nullable [] newPriorities = null;
    if (priorities != null) {
      newPriorities = new int[count];
      for (int i = 0; i < count; i++) {
        newPriorities[i] = rows[i] < 0 ? 0 : priorities[rows[i]];
      }
    }
    @Nullable Map<String, String> @Nullable [] newHeaders = null;
    if (headers != null) {
      newHeaders = (Map<String, String>[]) new Map<?, ?>[count];
      for (int i = 0; i < count; i++) {
        newHeaders[i] = rows[i] < 0 ? null : headers[rows[i]];
      }
    }
    return new Envelope(
        ids == null ? null : (StringColumn) ids.gather(rows, count),
        source,
        types == null ? null : (StringColumn) types.gather(rows, count),
        keys == null ? null : (StringColumn) keys.gather(rows, count),
        newPriorities,
        newHeaders);
  }
}
