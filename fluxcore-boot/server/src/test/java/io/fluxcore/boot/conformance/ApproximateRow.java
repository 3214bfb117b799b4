package io.fluxcore.boot.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A row of which some columns are answers of sketches, which differ from sketch to sketch.
 *
 * @param exact the other columns, as a text that is equal where values are
 * @param approximate the answers
 */
record ApproximateRow(String exact, List<Double> approximate) {
  /** How far two sketches that are each right within 1 % may be apart. */
  private static final double TOLERANCE = 0.02;

  static ApproximateRow of(
      Map<String, Object> values, Set<String> approximate, Set<String> incomparable) {
    Map<String, Object> exact = new TreeMap<>(values);
    exact.keySet().removeAll(incomparable);
    List<Double> answers = new ArrayList<>();
    for (String column : approximate) {
      Object answer = incomparable.contains(column) ? null : values.get(column);
      if (answer != null) {
        answers.add(Double.valueOf(answer.toString()));
        exact.remove(column);
      }
    }
    return new ApproximateRow(exact.keySet() + SqlValues.text(exact.values()), answers);
  }

  private boolean isNear(ApproximateRow other) {
    if (!exact.equals(other.exact) || approximate.size() != other.approximate.size()) {
      return false;
    }
    for (int i = 0; i < approximate.size(); i++) {
      double mine = approximate.get(i);
      if (Math.abs(mine - other.approximate.get(i)) > Math.abs(mine) * TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  /** Takes rows that are missing and unexpected ones out where they differ by their sketches. */
  static void match(Map<ApproximateRow, Integer> counts) {
    for (ApproximateRow missing : List.copyOf(counts.keySet())) {
      for (ApproximateRow unexpected : List.copyOf(counts.keySet())) {
        int left = counts.getOrDefault(missing, 0);
        int right = -counts.getOrDefault(unexpected, 0);
        if (left > 0 && right > 0 && missing.isNear(unexpected)) {
          int pairs = Math.min(left, right);
          counts.merge(missing, -pairs, Integer::sum);
          counts.merge(unexpected, pairs, Integer::sum);
        }
      }
    }
    counts.values().removeIf(count -> count == 0);
  }
}
