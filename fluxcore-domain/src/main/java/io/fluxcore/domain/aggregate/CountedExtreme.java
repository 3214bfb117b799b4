package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.event.DataType;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * The smallest or largest value of a changelog: how often each value is there, so that another one
 * can take the place of one that was taken back.
 */
final class CountedExtreme extends CountedValues {
  private final boolean max;

  CountedExtreme(int field, DataType type, boolean max) {
    super("counted-extreme", field, type, -1);
    this.max = max;
  }

  @Override
  @Nullable Object result(@Nullable NavigableMap<Object, Long> counts) {
    if (counts == null) {
      return null;
    }
    NavigableMap<Object, Long> inOrder = max ? counts.descendingMap() : counts;
    for (Map.Entry<Object, Long> entry : inOrder.entrySet()) {
      if (entry.getValue() > 0) {
        return entry.getKey();
      }
    }
    return null;
  }
}
