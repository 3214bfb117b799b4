package io.fluxcore.adapters.out.redisstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisStateSettingsTest {
  @Test
  void passwords_areNotTold() {
    RedisStateSettings settings =
        RedisStateSettings.at("rediss://me:hidden1@redis.example:6380/3")
            .withAccess("me", "hidden2");
    assertThat(settings.toString())
        .contains("rediss://redis.example:6380/3")
        .doesNotContain("hidden");
    assertThat(RedisStateSettings.at("redis://[::1]:6379/0").place())
        .isEqualTo("redis://[::1]:6379/0");
  }

  @Test
  void address_isMadeOfItsParts() {
    assertThat(RedisStateSettings.uri("redis.example", 6380, 3, true))
        .isEqualTo("rediss://redis.example:6380/3");
  }

  @Test
  void valuesThatCannotBe_areRefused() {
    RedisStateSettings usual = RedisStateSettings.at("redis://localhost");
    assertThatThrownBy(() -> usual.withBatchSize(0)).hasMessageContaining("0 commands");
    assertThatThrownBy(() -> usual.withKeyPrefix("")).hasMessageContaining("empty");
    assertThatThrownBy(() -> usual.withCacheBytes(-1)).hasMessageContaining("-1 bytes");
    assertThatThrownBy(() -> usual.withTimes(Duration.ZERO, Duration.ofMinutes(1)))
        .hasMessageContaining("at least 1 ms");
    assertThatThrownBy(() -> usual.withTimes(Duration.ofSeconds(1), Duration.ofMillis(1)))
        .hasMessageContaining("at least 500 ms");
  }
}
