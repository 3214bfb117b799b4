package io.fluxcore.adapters.in.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Date;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamPositionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "earliest",
        "latest",
        "offset 0",
        "offset 999999999999999999",
        "timestamp 2026-01-31T10:00:00Z",
        "timestamp 1969-12-31T23:59:59.999Z"
      })
  void positions_areTheirTexts(String text) {
    assertThat(StreamPosition.parse(text).toSplitPosition().text()).isEqualTo(text);
  }

  @Test
  void offsetAlone_isAPosition() {
    assertThat(StreamPosition.parse("4711")).isEqualTo(StreamPosition.at(4711));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nowhere",
        "offset",
        "offset -1",
        "offset 1234567890123456789",
        "timestamp ",
        "timestamp yesterday",
        "event 7",
        "read a b"
      })
  void otherTexts_areRefused(String text) {
    assertThatThrownBy(() -> StreamPosition.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void serverIsAskedForTheMessageBefore_whichShowsThatTheStreamIsTheSame() {
    assertThat(StreamPosition.at(0).argument()).isEqualTo(0L);
    assertThat(StreamPosition.at(1).argument()).isEqualTo(0L);
    assertThat(StreamPosition.at(4711).argument()).isEqualTo(4710L);
    assertThat(StreamPosition.EARLIEST.argument()).isEqualTo("first");
    assertThat(StreamPosition.LATEST.argument()).isEqualTo("next");
    assertThat(StreamPosition.atTime(1_000).argument()).isEqualTo(new Date(1_000));
  }
}
