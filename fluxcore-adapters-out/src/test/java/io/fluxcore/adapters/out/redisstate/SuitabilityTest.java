package io.fluxcore.adapters.out.redisstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuitabilityTest {
  private static final RedisErrors ERRORS = new RedisErrors("op", "redis://localhost:6379/0");

  private final List<String> warnings = new ArrayList<>();

  private final System.Logger log =
      new System.Logger() {
        @Override
        public String getName() {
          return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
          return true;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String text, Throwable thrown) {
          warnings.add(text);
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... values) {
          warnings.add(java.text.MessageFormat.format(format, values));
        }
      };

  private static Map<String, String> facts(String name, String value) {
    Map<String, String> facts =
        new HashMap<>(
            Map.of(
                "redis_version", "7.0.15",
                "role", "master",
                "cluster_enabled", "0",
                "maxmemory", "1000",
                "maxmemory_policy", "noeviction"));
    facts.put(name, value);
    return facts;
  }

  @ParameterizedTest
  @CsvSource({
    "cluster_enabled, 1, cluster",
    "role, slave, replica",
    "redis_version, 6.0.16, 6.0.16",
    "redis_version, 5.0.14, 5.0.14",
    "maxmemory_policy, allkeys-lru, allkeys-lru",
    "maxmemory_policy, allkeys-random, maxmemory of 1000 bytes"
  })
  void redisThatWouldLoseState_isRefused(String name, String value, String told) {
    assertThatThrownBy(() -> Suitability.check(facts(name, value), ERRORS, log))
        .hasMessageContaining("FLX-REDIS-0004")
        .hasMessageContaining(told);
  }

  @ParameterizedTest
  @CsvSource({
    "redis_version, 6.2.0",
    "redis_version, 8.4.1",
    "redis_version, unstable",
    "role, master"
  })
  void redisThatKeepsState_isTaken(String name, String value) {
    Suitability.check(facts(name, value), ERRORS, log);
    assertThat(warnings).isEmpty();
  }

  @Test
  void redisThatMayThrowTheKeyOfTheProcessAway_isWarnedOf() {
    Suitability.check(facts("maxmemory_policy", "volatile-lru"), ERRORS, log);
    assertThat(warnings).hasSize(1).first().asString().contains("volatile-lru");
  }

  @Test
  void redisThatTellsNothing_isWarnedOf() {
    Suitability.check(Map.of(), ERRORS, log);
    assertThat(warnings).hasSize(1).first().asString().contains("must be noeviction");
  }
}
