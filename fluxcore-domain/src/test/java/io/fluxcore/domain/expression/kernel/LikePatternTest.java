package io.fluxcore.domain.expression.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.StringColumn;
import io.fluxcore.domain.expression.NaiveLike;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LikePatternTest {
  private static final String[] PARTS = {"a", "b", "😀", "é", "ab"};

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void pattern_matchesWhatTryingEverythingMatches(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 3000; i++) {
      String text = random(random, PARTS);
      String pattern = random(random, "%", "_", "a", "b", "😀", "%", "é");
      boolean expected = NaiveLike.matches(text, pattern);
      TextTest test = LikePattern.of(pattern, null);
      String what = "seed " + seed + ": '" + text + "' like '" + pattern + "'";
      assertThat(test.test(text)).as(what).isEqualTo(expected);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      StringColumn column = StringColumn.ofUtf8(1, bytes, new int[] {0, bytes.length}, null);
      assertThat(test.select(column, true, null, 1, new int[1]))
          .as(what)
          .isEqualTo(expected ? 1 : 0);
    }
  }

  private static String random(Random random, String... parts) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  @Test
  void hostilePattern_takesNoExponentialTime() {
    TextTest test = LikePattern.of("%a".repeat(40) + "%b", null);
    assertThat(test.test("a".repeat(5_000))).isFalse();
  }

  @Test
  void escape_makesTheNextCharacterPlain() {
    Integer escape = (int) '!';
    assertThat(LikePattern.of("50!%", escape).test("50%")).isTrue();
    assertThat(LikePattern.of("50!%", escape).test("500")).isFalse();
    assertThat(LikePattern.of("!!!_%", escape).test("!_x")).isTrue();
  }
}
