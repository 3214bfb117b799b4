package io.fluxcore.domain.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyGroupsTest {
  @Test
  void range_isTheInverseOfSubtask() {
    for (int max : new int[] {1, 2, 3, 7, 16, 127, 128, 129}) {
      for (int parallelism = 1; parallelism <= max; parallelism++) {
        assertInverse(max, parallelism);
      }
    }
    for (int parallelism : new int[] {1, 2, 3, 4093, 16_385, 32_767, 32_768}) {
      assertInverse(KeyGroups.LARGEST_MAX_PARALLELISM, parallelism);
    }
  }

  private static void assertInverse(int max, int parallelism) {
    int next = 0;
    for (int subtask = 0; subtask < parallelism; subtask++) {
      KeyGroupRange range = KeyGroups.range(subtask, max, parallelism);
      if (range.first() != next || range.size() < 1) {
        throw new AssertionError(range + " of " + subtask + "/" + parallelism + "/" + max);
      }
      for (int group = range.first(); group <= range.last(); group++) {
        if (KeyGroups.subtask(group, max, parallelism) != subtask) {
          throw new AssertionError(group + " of " + subtask + "/" + parallelism + "/" + max);
        }
      }
      next = range.last() + 1;
    }
    assertThat(next).isEqualTo(max);
  }

  @Test
  void ofHash_staysWithinTheGroups() {
    for (int max : new int[] {1, 3, 128, 32_768}) {
      assertThat(KeyGroups.ofHash(0, max)).isZero();
      assertThat(KeyGroups.ofHash(-1, max)).isEqualTo(max - 1);
      assertThat(KeyGroups.ofHash(Long.MIN_VALUE, max)).isEqualTo(max / 2);
      assertThat(KeyGroups.ofHash(Long.MAX_VALUE, max)).isEqualTo((max - 1) / 2);
    }
  }

  @Test
  void groups_areEvenlyFilled() {
    int[] counts = new int[128];
    Random random = new Random(4);
    for (int i = 0; i < 128_000; i++) {
      counts[KeyGroups.ofHash(KeyHash.mix(random.nextInt(1_000_000)), 128)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void impossibleSubtasks_areRefused() {
    for (int[] wrong : new int[][] {{0, 4, 5}, {4, 8, 4}, {-1, 8, 4}, {0, 8, 0}}) {
      assertThatThrownBy(() -> KeyGroups.range(wrong[0], wrong[1], wrong[2]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new KeyGroupRange(-1, 3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeyGroupRange(3, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new KeyGroupRange(3, 2).size()).isZero();
    assertThat(new KeyGroupRange(3, 4)).hasToString("3..4");
  }
}
