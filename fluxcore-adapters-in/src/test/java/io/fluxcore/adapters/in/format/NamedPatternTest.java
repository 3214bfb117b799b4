package io.fluxcore.adapters.in.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class NamedPatternTest {
  private static final String[] REQUESTS = {
    "GET / HTTP/1.1",
    "GET /a?b=c HTTP/1.0",
    "POST /x",
    "-",
    "",
    "\\x16\\x03\\x01",
    "GET  / HTTP/1.1",
    "GET / HTTP/1.1 more",
    "get /\\\"quoted\\\" HTTP/1.1",
    "PURGE",
    "GET /x ",
    "1GET / HTTP/1.1"
  };
  private static final String[] NUMBERS = {"200", "404", "-", "20", "2000", "x", ""};
  private static final String[] TEXTS = {
    "-", "", "http://x/", "a \\\"b\\\" c", "\\\\", "é", "a]b[c"
  };

  private static String pick(Random random, String... of) {
    return of[random.nextInt(random.nextInt(4) == 0 ? of.length : Math.min(2, of.length))];
  }

  private static String line(Random random) {
    String line =
        pick(random, "1.2.3.4", "::1", "host name", "")
            + " - "
            + pick(random, "-", "frank")
            + " ["
            + pick(random, "17/May/2015:10:05:03 +0000", "x", "", "a]b")
            + "] \""
            + REQUESTS[random.nextInt(REQUESTS.length)]
            + "\" "
            + pick(random, NUMBERS)
            + " "
            + pick(random, "0", "123", "-", "x", "-1");
    if (random.nextInt(3) > 0) {
      line +=
          " \""
              + TEXTS[random.nextInt(TEXTS.length)]
              + "\" \""
              + TEXTS[random.nextInt(TEXTS.length)]
              + "\"";
    }
    return switch (random.nextInt(12)) {
      case 0 -> line.substring(0, random.nextInt(line.length() + 1));
      case 1 -> line + " ";
      case 2 -> line + "x";
      case 3 -> line.replaceFirst(" ", "  ");
      default -> line;
    };
  }

  @ParameterizedTest
  @EnumSource
  void handMadeMatcher_agreesWithTheExpression(NamedPattern pattern) {
    Pattern regex = Pattern.compile(pattern.regex());
    LinePattern matcher = pattern.pattern();
    List<String> names = matcher.names();
    assertThat(names).isEqualTo(pattern.schema().fieldNames());
    FieldSpans spans = new FieldSpans(names.size());
    Random random = new Random(11);
    int matched = 0;
    for (int i = 0; i < 20_000; i++) {
      String line = line(random);
      Matcher expected = regex.matcher(line);
      byte[] bytes = ("##" + line + "##").getBytes(StandardCharsets.UTF_8);
      List<@Nullable String> found = new ArrayList<>();
      try {
        matcher.split(bytes, 2, bytes.length - 2, spans);
        for (int f = 0; f < names.size(); f++) {
          found.add(
              spans.starts[f] < 0
                  ? null
                  : new String(
                      spans.bytes[f],
                      spans.starts[f],
                      spans.ends[f] - spans.starts[f],
                      StandardCharsets.UTF_8));
        }
      } catch (BadValue e) {
        found.clear();
      }
      List<@Nullable String> wanted = new ArrayList<>();
      if (expected.matches()) {
        matched++;
        names.forEach(n -> wanted.add(expected.group(n)));
      }
      assertThat(found).as(line).isEqualTo(wanted);
    }
    assertThat(matched).as("lines that match").isGreaterThan(1000);
  }
}
