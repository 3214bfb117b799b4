package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.EventRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rows of batches as records and as text, and multisets of them compared. */
public final class Rows {
  private static final int SHOWN = 12;

  private Rows() {}

  /** The selected rows of a batch. */
  public static List<EventRecord> of(EventBatch batch) {
    List<EventRecord> rows = new ArrayList<>();
    EventCursor cursor = new EventCursor();
    for (int i = 0; i < batch.size(); i++) {
      rows.add(cursor.moveTo(batch, batch.row(i)).copy());
    }
    return rows;
  }

  /** Kind, values and timestamp: {@code +I[a, 1, null]@9}. Equal for equal rows. */
  public static String text(EventRecord row) {
    StringBuilder text = new StringBuilder(row.rowKind().sign()).append('[');
    for (int i = 0; i < row.schema().size(); i++) {
      text.append(i == 0 ? "" : ", ").append(text(row.get(i)));
    }
    return text.append("]@").append(row.timestamp()).toString();
  }

  private static String text(@Nullable Object value) {
    return value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value);
  }

  /** Each row's {@link #text}, in the same order. */
  public static List<String> texts(Collection<EventRecord> rows) {
    return rows.stream().map(Rows::text).toList();
  }

  /** What is missing and what is too much, or null when both hold the same elements. */
  static @Nullable String difference(Collection<?> expected, Collection<?> actual) {
    Map<String, Integer> counts = new TreeMap<>();
    expected.forEach(element -> counts.merge(String.valueOf(element), 1, Integer::sum));
    actual.forEach(element -> counts.merge(String.valueOf(element), -1, Integer::sum));
    counts.values().removeIf(count -> count == 0);
    if (counts.isEmpty()) {
      return null;
    }
    List<String> lines = new ArrayList<>();
    counts.forEach(
        (element, count) ->
            lines.add(
                (count > 0 ? "  missing    " : "  unexpected ")
                    + (Math.abs(count) == 1 ? "" : Math.abs(count) + " x ")
                    + element));
    String head = "expected " + expected.size() + " elements, got " + actual.size() + ":\n";
    return head
        + String.join("\n", lines.subList(0, Math.min(SHOWN, lines.size())))
        + (lines.size() > SHOWN ? "\n  and " + (lines.size() - SHOWN) + " more" : "");
  }
}
