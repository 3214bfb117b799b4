package io.fluxcore.adapters.in.hostmetrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Metrics that are read together. */
enum MetricGroup {
  CPU,
  MEMORY,
  SWAP,
  DISK,
  DISK_IO,
  NETWORK,
  LOAD;

  /** As options write it: {@code disk-io}. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static List<String> words() {
    return Arrays.stream(values()).map(MetricGroup::word).toList();
  }

  static @Nullable MetricGroup find(String word) {
    for (MetricGroup group : values()) {
      if (group.word().equals(word.strip().toLowerCase(Locale.ROOT))) {
        return group;
      }
    }
    return null;
  }
}
