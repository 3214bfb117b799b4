package io.fluxcore.domain.expression.kernel;

import io.fluxcore.domain.event.StringColumn.OfStrings;
import io.fluxcore.domain.event.StringColumn.OfUtf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether a string equals a constant, with loops of its own: it is the commonest question. */
public final class TextEquality extends TextTest {
  private final String expected;
  private final byte[] expectedBytes;

  public TextEquality(String expected) {
    this.expected = expected;
    this.expectedBytes = expected.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean test(String value) {
    return expected.equals(value);
  }

  @Override
  boolean testUtf8(byte[] bytes, int from, int to) {
    return Arrays.equals(bytes, from, to, expectedBytes, 0, expectedBytes.length);
  }

  @Override
  int selectUtf8(OfUtf8 column, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    byte[] bytes = column.bytes();
    int[] offsets = column.offsets();
    byte[] other = expectedBytes;
    int length = other.length;
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      int from = offsets[row];
      int to = offsets[row + 1];
      boolean same = to - from == length && Arrays.equals(bytes, from, to, other, 0, length);
      out[found] = row;
      found += same == wanted ? 1 : 0;
    }
    return RowLists.dropNulls(out, found, column.nulls());
  }

  @Override
  int selectStrings(
      OfStrings column, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    @Nullable String[] values = column.values();
    String other = expected;
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      out[found] = row;
      found += other.equals(values[row]) == wanted ? 1 : 0;
    }
    return RowLists.dropNulls(out, found, column.nulls());
  }
}
