package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class IdempotencyKeysTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final AtomicInteger calls = new AtomicInteger();
  private final IdempotencyKeys<Integer> keys = new IdempotencyKeys<>(() -> now);

  private int ask(String key, String fingerprint) {
    return keys.answer(key, fingerprint, calls::incrementAndGet);
  }

  @Test
  void sameRequest_isAnsweredFromMemory_forADay() {
    assertThat(ask("k", "a")).isEqualTo(1);
    assertThat(ask("k", "a")).isEqualTo(1);
    now = now.plus(Duration.ofHours(25));
    assertThat(ask("k", "a")).isEqualTo(2);
  }

  @Test
  void otherRequest_withTheKey_isRefused() {
    ask("k", "a");

    assertThatThrownBy(() -> ask("k", "b")).hasMessageContaining("another request");
  }

  @Test
  void failedRequest_mayBeMadeAgain() {
    assertThatThrownBy(
            () ->
                keys.answer(
                    "k",
                    "a",
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(ask("k", "a")).isEqualTo(1);
  }

  @Test
  void sameRequest_whileTheFirstIsWorkedOn_isRefused() {
    assertThatThrownBy(() -> keys.answer("k", "a", () -> ask("k", "a")))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.retryAfterSeconds()).isPositive());
  }

  @Test
  void manyKeys_oldestAreForgotten() {
    ask("first", "a");
    for (int i = 0; i < 10_001; i++) {
      ask("k" + i, "a");
    }
    int before = calls.get();

    assertThat(ask("k10000", "a")).isLessThanOrEqualTo(before);
    assertThat(ask("first", "a")).isEqualTo(before + 1);
  }

  @Test
  void keys_areShortAndVisible() {
    assertThatThrownBy(() -> ask("", "a")).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> ask("a b", "a")).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> ask("x".repeat(256), "a")).isInstanceOf(Refused.class);
  }
}
