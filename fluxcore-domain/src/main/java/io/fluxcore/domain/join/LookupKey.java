package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The key that a row is looked up by, as it is told from others; bytes by what they are. */
final class LookupKey {
  private final Object[] values;
  private final int hash;

  private LookupKey(Object[] values) {
    this.values = values;
    this.hash = Arrays.deepHashCode(values);
  }

  /** The key of a row, of which no field is null. */
  static LookupKey of(Column[] keys, int row) {
    Object[] values = new Object[keys.length];
    for (int i = 0; i < keys.length; i++) {
      Object value = keys[i].get(row);
      if (value == null) {
        throw new IllegalArgumentException("row " + row + " has no key");
      }
      values[i] = value;
    }
    return new LookupKey(values);
  }

  /** The values of its fields. */
  List<Object> values() {
    return List.of(values);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LookupKey key && Arrays.deepEquals(values, key.values);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return values.length == 1 ? "'" + values[0] + "'" : Arrays.deepToString(values);
  }
}
