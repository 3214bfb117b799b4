package io.fluxcore.domain.shedding;

import java.util.Locale;

/** Which of the rows that wait are given up when there are too many. */
public enum SheddingPolicy {
  /** Those that have waited longest. */
  OLDEST,
  /** Those of the lowest priority, of these the ones that have waited longest. */
  LOWEST_PRIORITY,
  /** Rows by chance, so that what is left is a uniform sample. */
  SAMPLE;

  /** As in job files, metrics and the API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
