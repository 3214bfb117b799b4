package io.fluxcore.adapters.in.hostmetrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured at a time.
 *
 * @param number of the reading, from 1
 * @param micros since the epoch
 */
record Reading(long number, long micros, String host, List<Measurement> measurements) {
  /**
   * A value.
   *
   * @param value null where it is not known
   */
  record Measurement(String metric, @Nullable String device, @Nullable Double value, String unit) {}
}
