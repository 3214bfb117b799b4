package io.fluxcore.domain.expression.kernel;

import io.fluxcore.domain.event.StringColumn.OfStrings;
import io.fluxcore.domain.event.StringColumn.OfUtf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Whether a string equals a constant, with loops of its own: it is the commonest question. */
public final class TextEquality extends TextTest {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final String expected;
  private final byte[] expectedBytes;

  /** The first eight bytes, zeros where there are fewer, and which of them count. */
  private final long expectedStart;

  private final long startMask;

  public TextEquality(String expected) {
    this.expected = expected;
    this.expectedBytes = expected.getBytes(StandardCharsets.UTF_8);
    int startLength = Math.min(Long.BYTES, expectedBytes.length);
    this.expectedStart = (long) WORDS.get(Arrays.copyOf(expectedBytes, Long.BYTES), 0);
    this.startMask = startLength == 0 ? 0 : -1L >>> (Long.SIZE - 8 * startLength);
  }

  @Override
  public boolean test(String value) {
    return expected.equals(value);
  }

  @Override
  boolean testUtf8(byte[] bytes, int from, int to) {
    return Arrays.equals(bytes, from, to, expectedBytes, 0, expectedBytes.length);
  }

  /**
   * First by length and the first eight bytes, which is decided without a branch, then, for the few
   * rows that are left, by the rest.
   */
  @Override
  int selectUtf8(OfUtf8 column, boolean wanted, int @Nullable [] selection, int count, int[] out) {
    if (wanted) {
      int found = selectEqual(column, selection, count, out);
      return RowLists.dropNulls(out, found, column.nulls());
    }
    int[] equal = new int[count];
    RowMarks marks = new RowMarks();
    marks.reset(column.size());
    marks.add(equal, selectEqual(column, selection, count, equal));
    return RowLists.dropNulls(out, marks.select(false, selection, count, out), column.nulls());
  }

  private int selectEqual(OfUtf8 column, int @Nullable [] selection, int count, int[] out) {
    int found = selectStart(column, selection, count, out);
    return expectedBytes.length > Long.BYTES ? keepEqual(column, out, found) : found;
  }

  private int selectStart(OfUtf8 column, int @Nullable [] selection, int count, int[] out) {
    byte[] bytes = column.bytes();
    int[] offsets = column.offsets();
    int length = expectedBytes.length;
    long start = expectedStart;
    long mask = startMask;
    int lastWord = bytes.length - Long.BYTES;
    int found = 0;
    for (int i = 0; i < count; i++) {
      int row = selection == null ? i : selection[i];
      int from = offsets[row];
      long word = from <= lastWord ? (long) WORDS.get(bytes, from) : lastWord(bytes, from);
      long difference = ((word & mask) ^ start) | (offsets[row + 1] - from - length);
      out[found] = row;
      found += Bits.equal(difference, 0);
    }
    return found;
  }

  /** Up to eight bytes at the end of an array, as a little-endian word. */
  private static long lastWord(byte[] bytes, int from) {
    long word = 0;
    for (int i = bytes.length - 1; i >= from; i--) {
      word = word << 8 | (bytes[i] & 0xff);
    }
    return word;
  }

  private int keepEqual(OfUtf8 column, int[] rows, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (testUtf8(column.bytes(), column.offsets()[row], column.offsets()[row + 1])) {
        rows[kept++] = row;
      }
    }
    return kept;
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
