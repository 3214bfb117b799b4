package io.fluxcore.adapters.in.hostmetrics;

import io.fluxcore.adapters.in.hostmetrics.HostProbe.Kind;
import io.fluxcore.adapters.in.hostmetrics.HostProbe.Raw;
import io.fluxcore.adapters.in.hostmetrics.Reading.Measurement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes rates and shares of what counts up, from one reading to the next. A value is null where it
 * is not known: of a device that has just appeared, and of a counter that went back. Not
 * thread-safe.
 */
final class Rates {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double PERCENT = 100;

  private Map<Key, Double> last = new HashMap<>();
  private long lastNanos;

  private record Key(String metric, @Nullable String device) {}

  /** The measurements of a reading at this time; the first gives no rate. */
  List<Measurement> of(List<Raw> values, long nanos) {
    double seconds = (nanos - lastNanos) / NANOS_PER_SECOND;
    Map<Key, Double> counts = new HashMap<>();
    Map<String, Double> sums = new HashMap<>();
    for (Raw raw : values) {
      Double value = raw.value();
      if (raw.kind() != Kind.LEVEL && value != null) {
        counts.put(new Key(raw.metric(), raw.device()), value);
        if (raw.kind() == Kind.SHARE) {
          Double grown = growth(raw);
          sums.merge(raw.metric(), grown == null ? Double.NaN : grown, Double::sum);
        }
      }
    }
    List<Measurement> result = new ArrayList<>(values.size());
    for (Raw raw : values) {
      Double value =
          switch (raw.kind()) {
            case LEVEL -> raw.value();
            case COUNTER -> quotient(growth(raw), 1, seconds);
            case SHARE -> quotient(growth(raw), PERCENT, sums.getOrDefault(raw.metric(), 0.0));
          };
      result.add(new Measurement(raw.metric(), raw.device(), value, raw.unit()));
    }
    last = counts;
    lastNanos = nanos;
    return result;
  }

  private @Nullable Double growth(Raw raw) {
    Double before = last.get(new Key(raw.metric(), raw.device()));
    Double now = raw.value();
    return before == null || now == null || now < before ? null : now - before;
  }

  private static @Nullable Double quotient(@Nullable Double growth, double times, double by) {
    return growth == null || !(by > 0) ? null : growth * times / by;
  }
}
