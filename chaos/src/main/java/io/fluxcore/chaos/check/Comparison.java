package io.fluxcore.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows that should be there beside those that are.
 *
 * @param expected number of rows that should be there
 * @param found number of rows that are
 * @param lost rows that are missing
 * @param duplicate rows that are there more often than they should
 * @param wrong rows that should not be there at all
 */
record Comparison(
    long expected,
    long found,
    List<List<Long>> lost,
    List<List<Long>> duplicate,
    List<List<Long>> wrong) {

  static Comparison of(List<List<Long>> expected, List<List<Long>> found) {
    Map<List<Long>, Long> left = new HashMap<>();
    expected.forEach(row -> left.merge(row, 1L, Long::sum));
    List<List<Long>> duplicate = new ArrayList<>();
    List<List<Long>> wrong = new ArrayList<>();
    for (List<Long> row : found) {
      Long times = left.get(row);
      if (times == null) {
        wrong.add(row);
      } else if (times == 0) {
        duplicate.add(row);
      } else {
        left.put(row, times - 1);
      }
    }
    List<List<Long>> lost = new ArrayList<>();
    left.forEach(
        (row, times) -> {
          for (long i = 0; i < times; i++) {
            lost.add(row);
          }
        });
    return new Comparison(expected.size(), found.size(), lost, duplicate, wrong);
  }

  /** Whether what is there is right, and perhaps more is to come. */
  boolean isPrefix() {
    return duplicate.isEmpty() && wrong.isEmpty();
  }

  boolean isWhole() {
    return isPrefix() && lost.isEmpty();
  }
}
