package io.fluxcore.adapters.in.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamPositionTest {
  @Test
  void texts_areReadAsTheyAreWritten() {
    EntryId id = EntryId.parse("1526919030474-18446744073709551615");
    for (StreamPosition position :
        List.of(
            StreamPosition.EARLIEST,
            StreamPosition.LATEST,
            StreamPosition.after(id),
            new StreamPosition(id, 17, null),
            new StreamPosition(EntryId.ZERO, 0, EntryId.ZERO),
            new StreamPosition(id, 3, EntryId.parse("18446744073709551615-1")))) {
      assertThat(StreamPosition.parse(position.toSplitPosition().text())).isEqualTo(position);
    }
    assertThat(StreamPosition.parse("5")).isEqualTo(StreamPosition.after(new EntryId(5, 0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nowhere", "after ", "-1", "1-", "99999999999999999999", "1-2-3"})
  void otherTexts_areRefused(String text) {
    assertThatThrownBy(() -> StreamPosition.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ids_areOrderedWithoutSign() {
    EntryId largest = EntryId.parse("18446744073709551615-0");
    assertThat(largest.isAfter(new EntryId(Long.MAX_VALUE, 0))).isTrue();
    assertThat(new EntryId(5, 0).isAfter(EntryId.before(5))).isTrue();
    assertThat(EntryId.before(5).isAfter(EntryId.parse("4-18446744073709551614"))).isTrue();
    assertThat(EntryId.before(0)).isEqualTo(EntryId.ZERO);
    assertThat(EntryId.before(Long.MIN_VALUE)).isEqualTo(EntryId.ZERO);
    assertThat(EntryId.ZERO.isAfter(EntryId.ZERO)).isFalse();
  }

  @Test
  void entries_areObjectsOfTexts() {
    List<byte[]> fields =
        List.of(
            bytes("a\"b"),
            bytes("back\\slash\nline\u0001"),
            bytes("ключ"),
            bytes("😀"),
            bytes(""),
            bytes(""));
    EntryText text = new EntryText();
    assertThat(new String(text.of(fields), StandardCharsets.UTF_8))
        .isEqualTo("{\"a\\\"b\":\"back\\\\slash\\u000aline\\u0001\",\"ключ\":\"😀\",\"\":\"\"}");
    assertThat(new String(text.of(List.of()), StandardCharsets.UTF_8)).isEqualTo("{}");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
