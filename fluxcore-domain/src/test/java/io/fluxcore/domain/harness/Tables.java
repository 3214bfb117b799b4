package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.EventRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a changelog makes of a table. */
public final class Tables {
  private Tables() {}

  /**
   * The rows of the table after all changes, without their times, sorted by text.
   *
   * @throws AssertionError if a row is taken back that is not there
   */
  public static Collection<String> of(List<EventRecord> changes) {
    Map<String, Integer> counts = new TreeMap<>();
    for (EventRecord change : changes) {
      String row = values(change);
      int count = counts.getOrDefault(row, 0) + (change.rowKind().isRetraction() ? -1 : 1);
      if (count < 0) {
        throw new AssertionError(Rows.text(change) + " is taken back, but is not there");
      }
      counts.put(row, count);
    }
    List<String> rows = new ArrayList<>();
    counts.forEach((row, count) -> rows.addAll(Collections.nCopies(count, row)));
    return rows;
  }

  /** The values of a row: its text without kind and time. */
  public static String values(EventRecord row) {
    String text = Rows.text(row);
    return text.substring(text.indexOf('['), text.lastIndexOf('@'));
  }

  /** Changes without their times. */
  public static List<String> changes(Collection<EventRecord> rows) {
    return rows.stream().map(row -> row.rowKind().sign() + values(row)).toList();
  }
}
