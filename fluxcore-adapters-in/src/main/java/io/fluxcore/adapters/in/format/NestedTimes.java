package io.fluxcore.adapters.in.format;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Values;

/** Times within nested values, which have no type for them. */
final class NestedTimes {
  private NestedTimes() {}

  /** Microseconds as ISO 8601 writes them. */
  static String iso(long micros, boolean instant) {
    return Values.ofLong(instant ? DataType.TIMESTAMP_TZ : DataType.TIMESTAMP, micros).toString();
  }
}
