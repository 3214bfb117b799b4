package io.fluxcore.domain.expression.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;

/** The questions about strings other than equality. */
public final class TextTests {
  private TextTests() {}

  /** Any question. */
  public static TextTest of(Predicate<String> predicate) {
    return new TextTest() {
      @Override
      public boolean test(String value) {
        return predicate.test(value);
      }
    };
  }

  /** Whether a string is one of these. */
  public static TextTest oneOf(Set<String> values) {
    Set<String> set = Set.copyOf(values);
    return of(set::contains);
  }

  /** Whether a string comes before a constant. */
  public static TextTest before(String bound) {
    byte[] boundBytes = bound.getBytes(StandardCharsets.UTF_8);
    return new TextTest() {
      @Override
      public boolean test(String value) {
        return TextOrder.compare(value, bound) < 0;
      }

      @Override
      boolean testUtf8(byte[] bytes, int from, int to) {
        return Arrays.compareUnsigned(bytes, from, to, boundBytes, 0, boundBytes.length) < 0;
      }
    };
  }

  public static TextTest startsWith(String prefix) {
    byte[] prefixBytes = prefix.getBytes(StandardCharsets.UTF_8);
    return new TextTest() {
      @Override
      public boolean test(String value) {
        return value.startsWith(prefix);
      }

      @Override
      boolean testUtf8(byte[] bytes, int from, int to) {
        return isAt(bytes, from, to, prefixBytes);
      }
    };
  }

  public static TextTest endsWith(String suffix) {
    byte[] suffixBytes = suffix.getBytes(StandardCharsets.UTF_8);
    return new TextTest() {
      @Override
      public boolean test(String value) {
        return value.endsWith(suffix);
      }

      @Override
      boolean testUtf8(byte[] bytes, int from, int to) {
        return to - from >= suffixBytes.length
            && isAt(bytes, to - suffixBytes.length, to, suffixBytes);
      }
    };
  }

  public static TextTest contains(String part) {
    byte[] partBytes = part.getBytes(StandardCharsets.UTF_8);
    return new TextTest() {
      @Override
      public boolean test(String value) {
        return value.contains(part);
      }

      @Override
      boolean testUtf8(byte[] bytes, int from, int to) {
        return partBytes.length == 0 || indexOf(bytes, from, to, partBytes) >= 0;
      }
    };
  }

  private static int indexOf(byte[] bytes, int from, int to, byte[] part) {
    byte first = part[0];
    int last = to - part.length;
    for (int i = from; i <= last; i++) {
      if (bytes[i] == first && isAt(bytes, i, to, part)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isAt(byte[] bytes, int from, int to, byte[] part) {
    return to - from >= part.length
        && Arrays.equals(bytes, from, from + part.length, part, 0, part.length);
  }
}
