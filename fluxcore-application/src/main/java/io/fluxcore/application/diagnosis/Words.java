package io.fluxcore.application.diagnosis;

import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.shedding.SheddingPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Numbers as a person says them. */
final class Words {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Words() {}

  /** A time of whatever kind, epoch milliseconds. */
  static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  /** A length of time, rounded to its largest unit of which there are two or more. */
  static String length(long millis) {
    if (millis < 2 * SECOND) {
      return millis + " ms";
    } else if (millis < 2 * MINUTE) {
      return rounded(millis, SECOND) + " s";
    } else if (millis < 2 * HOUR) {
      return rounded(millis, MINUTE) + " min";
    }
    return millis < 2 * DAY ? rounded(millis, HOUR) + " h" : rounded(millis, DAY) + " days";
  }

  private static long rounded(long millis, long unit) {
    return millis / unit + (millis % unit * 2 >= unit ? 1 : 0);
  }

  static String rows(long count) {
    return count == 1 ? "1 row" : count + " rows";
  }

  /** What became of rows that were not accepted: "3 late, 5 filtered". */
  static String losses(Ledger.Counts counts) {
    List<String> parts = new ArrayList<>();
    add(parts, counts.late(), "late");
    add(parts, counts.filtered(), "filtered out");
    add(parts, counts.failed(), "failed");
    for (SheddingPolicy policy : SheddingPolicy.values()) {
      add(parts, counts.droppedBy().of(policy), "dropped by load shedding (" + policy.word() + ")");
    }
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }
}
