package io.fluxcore.infrastructure.regex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both searches find the same in random texts with random patterns that are bounded. */
class BoundedPatternTest {
  private static final String TEXT = "ab&=\n\r x1^-é😀";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(&|^)channel_id=([^&]*)",
        "^/api/v[0-9]{1,2}/",
        "id=(\\d+)",
        "(GET|POST) /",
        "a{2,}",
        "error$",
        "[a-f0-9]{8}-[a-f0-9]{4}"
      })
  void bounded(String pattern) {
    assertThat(BoundedPattern.of(pattern)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a*b",
        "(a*)*",
        "(a|b)+",
        "(a{1,20}){1,20}",
        "(a?){30}",
        "a*$",
        "a+?",
        "(?i)a",
        "(?P<x>a)",
        "\\bword",
        "\\pL",
        "[[:alpha:]]",
        "(x+x+)+y",
        "a{,2}",
        "a{1001}"
      })
  void notBounded(String pattern) {
    assertThat(BoundedPattern.of(pattern)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "(&|^)channel_id=([^&]*), channel_id=, 2",
        "^/api/v[0-9], /api/v, 0",
        "a\\.b?c, a., 0",
        "x|y, \"\", 0",
        "[ab]{2}cd?ef, ef, 8",
        "é(?:ab)c, é, 0"
      })
  void textOfEveryMatch(String pattern, String text, int before) {
    BoundedPattern found = BoundedPattern.of(pattern);
    assertThat(found).isNotNull();
    assertThat(found.text()).isEqualTo(text);
    assertThat(found.before()).isEqualTo(before);
  }

  @Test
  void findsWhatRe2Finds() {
    long seed = Long.getLong("fluxcore.seed", new Random().nextLong());
    Random random = new Random(seed);
    int bounded = 0;
    for (int i = 0; i < 20_000; i++) {
      String pattern = alternatives(random, 3);
      BoundedPattern found = BoundedPattern.of(pattern);
      if (found != null) {
        bounded++;
        Pattern re2 = Pattern.compile(pattern);
        for (int j = 0; j < 5; j++) {
          String text = text(random);
          assertThat(of(found.find(text)))
              .as("'%s' in '%s', seed %s", pattern, text, seed)
              .isEqualTo(of(re2.matcher(text)));
          assertThat(found.compiled().matcher(text).matches())
              .as("'%s' is '%s', seed %s", pattern, text, seed)
              .isEqualTo(re2.matcher(text).matches());
        }
      }
    }
    assertThat(bounded).isGreaterThan(1000);
  }

  private static String of(Matcher matcher) {
    StringBuilder found = new StringBuilder();
    if (matcher.find()) {
      for (int group = 0; group <= matcher.groupCount(); group++) {
        found.append(shown(matcher.start(group), matcher.group(group)));
      }
    }
    return found.toString();
  }

  private static String of(java.util.regex.@Nullable Matcher matcher) {
    StringBuilder found = new StringBuilder();
    if (matcher != null) {
      for (int group = 0; group <= matcher.groupCount(); group++) {
        found.append(shown(matcher.start(group), matcher.group(group)));
      }
    }
    return found.toString();
  }

  private static String shown(int start, @Nullable String group) {
    return "[" + start + ":" + group + "]";
  }

  private static String text(Random random) {
    int[] characters = TEXT.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return text.toString();
  }

  private static String alternatives(Random random, int depth) {
    StringBuilder all = new StringBuilder(sequence(random, depth));
    while (random.nextInt(3) == 0) {
      all.append('|').append(sequence(random, depth));
    }
    return all.toString();
  }

  private static String sequence(Random random, int depth) {
    StringBuilder all = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      all.append(repeated(random, depth));
    }
    return all.toString();
  }

  private static String repeated(Random random, int depth) {
    String once =
        depth > 0 && random.nextInt(3) == 0
            ? (random.nextBoolean() ? "(" : "(?:") + alternatives(random, depth - 1) + ")"
            : character(random);
    return switch (random.nextInt(12)) {
      case 0 -> once + "?";
      case 1 -> once + "??";
      case 2 -> once + "{2}";
      case 3 -> once + "{0,2}";
      case 4 -> once + "{1,3}?";
      case 5 -> once + "*";
      case 6 -> once + "+";
      case 7 -> once + "{1,}";
      default -> once;
    };
  }

  private static String character(Random random) {
    String[] all = {
      "a", "b", "&", "=", "x", "1", "é", ".", "^", "$", "\\d", "\\w", "\\s", "\\W", "\\n", "\\^",
      "[ab]", "[^a]", "[^&\\s]", "[a-x&^]", "[\\d-]", "[^\\w]", " "
    };
    return all[random.nextInt(all.length)];
  }
}
