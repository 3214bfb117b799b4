package io.fluxcore.adapters.in.hostmetrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the machine. May take its time. Used by one thread. */
interface HostProbe {
  /** Name of the machine. */
  String hostName();

  /** What the machine says now of a group. */
  List<Raw> read(MetricGroup group);

  /** How a value is meant. */
  enum Kind {
    /** As it is. */
    LEVEL,
    /** Counts up; its rate a second is asked for. */
    COUNTER,
    /** Counts up; its share of the sum over all devices of the metric is asked for, in percent. */
    SHARE
  }

  /**
   * A value as the machine gives it.
   *
   * @param device what of several it is about; null where there is only one
   * @param value null where the machine does not know
   * @param unit of what is asked for
   */
  record Raw(
      String metric, @Nullable String device, @Nullable Double value, String unit, Kind kind) {}

  /** Makes a probe for one reader, on the thread that will use it. */
  @FunctionalInterface
  interface Factory {
    HostProbe create();
  }
}
