package io.fluxcore.domain.expression.kernel;

import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.event.StringColumn.OfDictionary;
import io.fluxcore.domain.event.StringColumn.OfStrings;
import io.fluxcore.domain.event.StringColumn.OfUtf8;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A question about one string, asked of a whole column. A dictionary is asked once per entry, where
 * it is not larger than the selection; the rows then only look the answer up.
 */
public abstract class TextTest {
  /** The answer for a string. */
  public abstract boolean test(String value);

  /** The answer for UTF-8 bytes; without making the string where the test knows how. */
  boolean testUtf8(byte[] bytes, int from, int to) {
    return test(new String(bytes, from, to - from, StandardCharsets.UTF_8));
  }

  /** The rows of a selection that are not null and have the wanted answer, into {@code out}. */
  public final int select(
      StringColumn column, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    if (column instanceof OfDictionary dictionary) {
      return dictionary.dictionary().length <= count
          ? selectCodes(dictionary, wanted, selection, count, out)
          : selectEntries(dictionary, wanted, selection, count, out);
    }
    return column instanceof OfUtf8 utf8
        ? selectUtf8(utf8, wanted, selection, count, out)
        : selectStrings((OfStrings) column, wanted, selection, count, out);
  }

  private int selectCodes(
      OfDictionary column, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    String[] dictionary = column.dictionary();
    boolean[] answers = new boolean[dictionary.length];
    for (int i = 0; i < dictionary.length; i++) {
      answers[i] = test(dictionary[i]) == wanted;
    }
    int[] codes = column.codes();
    long[] nulls = column.nulls();
    int found = 0;
    if (nulls == null) {
      for (int i = 0; i < count; i++) {
        int row = selection == null ? i : selection[i];
        out[found] = row;
        found += answers[codes[row]] ? 1 : 0;
      }
      return found;
    }
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += !NullBits.isSet(nulls, row) && answers[codes[row]] ? 1 : 0;
    }
    return found;
  }

  private int selectEntries(
      OfDictionary column, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += !column.isNull(row) && test(column.value(row)) == wanted ? 1 : 0;
    }
    return found;
  }

  int selectUtf8(OfUtf8 column, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    byte[] bytes = column.bytes();
    int[] offsets = column.offsets();
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += testUtf8(bytes, offsets[row], offsets[row + 1]) == wanted ? 1 : 0;
    }
    return RowLists.dropNulls(out, found, column.nulls());
  }

  int selectStrings(
      OfStrings column, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    @Nullable String[] values = column.values();
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      String value = values[row];
      out[found] = row;
      found += value != null && test(value) == wanted ? 1 : 0;
    }
    return RowLists.dropNulls(out, found, column.nulls());
  }
}
