package io.fluxcore.domain.sort;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunKeysTest {
  private static RunKeys keys(int maxParallelism) {
    KeyGroupRange all = KeyGroups.range(0, maxParallelism, 1);
    return new RunKeys(all, maxParallelism);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 128, 1_000, 32_768})
  void hashes_stayInTheirGroup_andAscend(int maxParallelism) {
    RunKeys keys = keys(maxParallelism);
    for (int group = 0; group < maxParallelism; group += Math.max(1, maxParallelism / 7)) {
      long before = keys.next(group);
      for (int i = 0; i < 10_000; i++) {
        long hash = keys.next(group);
        assertThat(Long.compareUnsigned(hash, before)).isPositive();
        before = hash;
      }
      assertThat(keys.group(before)).isEqualTo(group);
      assertThat(KeyGroups.ofHash(before, maxParallelism)).isEqualTo(group);
      assertThat(KeyHash.mix(RunKeys.key(before))).isEqualTo(before);
    }
  }

  @Test
  void lowBits_areSpread() {
    int groups = 128;
    RunKeys keys = keys(groups);
    int runs = 500;
    int mask = (1 << 17) - 1;
    int[] homes = new int[mask + 1];
    for (int run = 0; run < runs; run++) {
      for (int group = 0; group < groups; group++) {
        homes[(int) keys.next(group) & mask]++;
      }
    }
    int most = 0;
    for (int home : homes) {
      most = Math.max(most, home);
    }
    assertThat(most).isLessThanOrEqualTo(8);
  }

  @Test
  void hashSeenAfterARestore_isNotGivenAgain() {
    RunKeys before = keys(128);
    long hash = 0;
    for (int i = 0; i < 10; i++) {
      hash = before.next(5);
    }
    RunKeys after = keys(128);
    after.seen(hash);
    assertThat(Long.compareUnsigned(after.next(5), hash)).isPositive();
  }
}
