package io.fluxcore.domain.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.StringColumn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of longs and of texts against the JDK's. */
class DistinctSetsTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void longs_areThoseOfASet(long seed) {
    Random random = new Random(seed);
    Set<Long> expected = new HashSet<>();
    LongSet set = new LongSet();
    LongSet other = new LongSet(random.nextInt(50));
    for (int i = 0; i < 2_000; i++) {
      long value =
          switch (random.nextInt(5)) {
            case 0 -> random.nextInt(20);
            case 1 -> (long) random.nextInt(100) << 48;
            case 2 -> random.nextBoolean() ? Long.MIN_VALUE : -1;
            default -> random.nextLong();
          };
      expected.add(value);
      (random.nextBoolean() ? set : other).add(value);
    }
    set.addAll(other);
    assertThat(set.size()).isEqualTo(expected.size());
    assertThat(Arrays.stream(set.toArray()).boxed()).containsExactlyInAnyOrderElementsOf(expected);
    for (long value : expected) {
      assertThat(set.isHome(value)).isIn(true, false);
      set.add(value);
    }
    assertThat(set.size()).as("nothing is there twice").isEqualTo(expected.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void texts_areThoseOfASetThoughHashesCollide(long seed) {
    Random random = new Random(seed);
    Set<String> expected = new HashSet<>();
    TextSet set = new TextSet();
    TextSet other = new TextSet();
    for (int i = 0; i < 1_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int part = random.nextInt(8); part >= 0; part--) {
        text.append(random.nextBoolean() ? "Aa" : "BB"); // one hash for all of a length
      }
      expected.add(text.toString());
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      StringColumn column = StringColumn.ofUtf8(1, bytes, new int[] {0, bytes.length}, null);
      (random.nextBoolean() ? set : other).add(column, 0);
    }
    set.addAll(other);
    assertThat(set.size()).isEqualTo(expected.size());
    assertThat(set.toList()).containsExactlyInAnyOrderElementsOf(expected);
  }
}
