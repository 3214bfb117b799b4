package io.fluxcore.domain.window;

import io.fluxcore.domain.event.DataType;

/** How the rows of a group are cut into windows. Pure functions and values. */
public sealed interface WindowSpec
    permits TimeWindows, SessionWindows, CountWindows, GlobalWindow, ZonedWindows {
  /**
   * Times beyond this (some 73,000 years from the epoch) are refused, so that no sum of theirs
   * overflows, in microseconds either.
   */
  long MAX_TIME = Long.MAX_VALUE / 4000;

  /** Windows side by side. */
  static PeriodicWindows tumbling(long sizeMillis, long offsetMillis) {
    return new PeriodicWindows(sizeMillis, sizeMillis, offsetMillis);
  }

  /** Windows of one length that start at regular steps. */
  static PeriodicWindows sliding(long sizeMillis, long slideMillis, long offsetMillis) {
    return new PeriodicWindows(sizeMillis, slideMillis, offsetMillis);
  }

  /** Whether a window has a start and an end in time, which its results tell. */
  default boolean isTimed() {
    return this instanceof TimeWindows
        || this instanceof SessionWindows
        || this instanceof ZonedWindows;
  }

  /** The type of the bounds that results tell: instants, unless a zone cuts windows. */
  default DataType boundType() {
    return DataType.TIMESTAMP_TZ;
  }
}
