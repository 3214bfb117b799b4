package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventSplitterTest {
  private static List<String> split(String body, boolean lines, int most) throws IOException {
    EventSplitter splitter =
        new EventSplitter(
            new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), lines, most);
    List<String> events = new ArrayList<>();
    for (EventSplitter.Piece p = splitter.next(); p != null; p = splitter.next()) {
      events.add((p.tooLong() ? "!" : "") + new String(p.json(), StandardCharsets.UTF_8));
    }
    return events;
  }

  @Test
  void lines_blankOnesAreSkipped_lastNeedsNoEnd() throws IOException {
    assertThat(split("\n{\"a\":1}\r\n  \n {}\n7", true, 99))
        .containsExactly("{\"a\":1}\r", "{}\n".strip(), "7");
    assertThat(split("", true, 99)).isEmpty();
  }

  @Test
  void json_oneObjectOrArray() throws IOException {
    assertThat(split(" {\"a\":\"}\\\"{\"} ", false, 99)).containsExactly("{\"a\":\"}\\\"{\"}");
    assertThat(split("[{\"a\":[1,{}]} , 17,\"x,]\", true]", false, 99))
        .containsExactly("{\"a\":[1,{}]}", "17", "\"x,]\"", "true");
    assertThat(split("[ ]", false, 99)).isEmpty();
  }

  @Test
  void longEvents_areCutAndMarked_othersGoOn() throws IOException {
    assertThat(split("[{\"a\":\"" + "x".repeat(50) + "\"},{}]", false, 5))
        .containsExactly("!{\"a\":", "{}");
    assertThat(split("0123456789\n{}\n", true, 5)).containsExactly("!01234", "{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "  ", "{", "[", "[1", "[1 2]", "[,]", "[1,]", "{}{}", "[] 1", "]", "[\"a", "[{]"
      })
  void json_brokenAround_isRefused(String body) {
    assertThatThrownBy(() -> split(body, false, 99)).isInstanceOf(Refused.class);
  }

  @Test
  void randomArrays_giveWhatWasPutIn() throws IOException {
    long seed = 4;
    System.out.println("EventSplitterTest: seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      List<String> events = new ArrayList<>();
      for (int i = random.nextInt(60); i > 0; i--) {
        events.add(value(random, 0));
      }
      String space = random.nextBoolean() ? " \n\t" : "";
      String body = space + "[" + space + String.join(space + "," + space, events) + space + "]";

      assertThat(split(body, false, 1 << 20)).isEqualTo(events);
    }
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 3 : 5)) {
      case 0 -> Long.toString(random.nextLong());
      case 1 -> "\"" + "ab\\\"]}[{,\\\\é".repeat(random.nextInt(4)) + "\"";
      case 2 -> "null";
      case 3 -> "[" + value(random, depth + 1) + "," + value(random, depth + 1) + "]";
      default -> "{\"k\":" + value(random, depth + 1) + "}";
    };
  }
}
