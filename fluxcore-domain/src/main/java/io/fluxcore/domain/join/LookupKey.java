package io.fluxcore.domain.join;

import io.fluxcore.domain.event.Column;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The key that a row is looked up by, as it is told from others.
 *
 * @param parts the values of its fields; bytes in a buffer, so that they compare
 */
record LookupKey(List<Object> parts) {
  /** The key of a row, of which no field is null. */
  static LookupKey of(Column[] keys, int row) {
    List<Object> parts = new ArrayList<>(keys.length);
    for (Column key : keys) {
      Object value = key.get(row);
      if (value == null) {
        throw new IllegalArgumentException("row " + row + " has no key");
      }
      parts.add(value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
    }
    return new LookupKey(parts);
  }

  /** The values of its fields. */
  List<Object> values() {
    return parts.stream()
        .<Object>map(part -> part instanceof ByteBuffer bytes ? bytes.array() : part)
        .toList();
  }

  @Override
  public String toString() {
    return parts.size() == 1 ? "'" + parts.get(0) + "'" : parts.toString();
  }
}
