package io.fluxcore.domain.join;

import io.fluxcore.domain.error.RecordException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a table outside has for one key.
 *
 * @param rows of each the values of {@link LookupTable#fields}, of the classes of {@link
 *     io.fluxcore.domain.event.Values}; none: the key is absent
 * @param error why it cannot be told for this key, or null; asking again would not help
 */
public record Found(List<@Nullable Object[]> rows, @Nullable RecordException error) {
  /** There is no row of the key. */
  public static final Found ABSENT = new Found(List.of(), null);

  public Found {
    rows = List.copyOf(rows);
  }

  public static Found of(List<@Nullable Object[]> rows) {
    return rows.isEmpty() ? ABSENT : new Found(rows, null);
  }

  /** The answer for a key cannot be used. */
  public static Found failed(RecordException error) {
    return new Found(List.of(), error);
  }
}
