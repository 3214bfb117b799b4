package io.fluxcore.adapters.out.redisstate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketsTest {
  private static final int GROUPS = 7;
  private static final KeyGroupRange OWNED = new KeyGroupRange(2, 4);

  private static Buckets split(int times) {
    Buckets buckets = new Buckets(OWNED, GROUPS);
    for (int i = 0; i < times; i++) {
      buckets.wereSplit(1);
    }
    return buckets;
  }

  private static long[] hashes(int count) {
    return LongStream.iterate(0, i -> i + 1)
        .map(KeyHash::mix)
        .filter(hash -> OWNED.contains(KeyGroups.ofHash(hash, GROUPS)))
        .limit(count)
        .toArray();
  }

  private static long[] all(Buckets buckets) {
    return IntStream.rangeClosed(OWNED.first(), OWNED.last())
        .mapToObj(buckets::ofGroup)
        .flatMapToLong(Arrays::stream)
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 8, 14, 15, 40, 63, 64})
  void everyKey_isInOneBucketOfItsKeyGroup(int times) {
    Buckets buckets = split(times);
    Set<Long> known = new HashSet<>();
    LongStream.of(all(buckets)).forEach(bucket -> assertThat(known.add(bucket)).isTrue());
    assertThat(known).hasSize((int) buckets.count());
    for (long hash : hashes(500)) {
      long bucket = buckets.of(hash);
      assertThat(known).contains(bucket);
      assertThat(buckets.has(bucket)).isTrue();
      assertThat(Buckets.keyGroup(bucket)).isEqualTo(KeyGroups.ofHash(hash, GROUPS));
      assertThat(Buckets.everOf(Buckets.keyGroup(bucket), buckets.mostBits())).contains(bucket);
    }
  }

  @Test
  void keysOfABucketThatIsSplit_areInThoseThatItIsSplitInto() {
    Buckets buckets = split(0);
    for (int step = 0; step < 70; step++) {
      Buckets before = buckets.copy();
      long next = buckets.next(0);
      long[] hashes = hashes(300);
      long[] parts = LongStream.of(hashes).map(buckets::ofSplit).toArray();
      buckets.wereSplit(1);
      for (int i = 0; i < hashes.length; i++) {
        if (before.of(hashes[i]) == next) {
          assertThat(buckets.of(hashes[i])).isEqualTo(parts[i]);
          assertThat(buckets.has(next)).isFalse();
        } else {
          assertThat(buckets.of(hashes[i])).isEqualTo(before.of(hashes[i]));
        }
      }
    }
  }

  @Test
  void bucketsOfARange_areThoseOfItsKeys() {
    Random random = new Random(5);
    for (int round = 0; round < 300; round++) {
      Buckets buckets = split(random.nextInt(60));
      long a = random.nextLong();
      long b = random.nextLong();
      long first = Long.compareUnsigned(a, b) < 0 ? a : b;
      long last = first == a ? b : a;
      Set<Long> between = new HashSet<>();
      LongStream.of(buckets.between(first, last)).forEach(between::add);
      for (long hash : hashes(200)) {
        if (Long.compareUnsigned(hash, first) >= 0 && Long.compareUnsigned(hash, last) <= 0) {
          assertThat(between).contains(buckets.of(hash));
        }
      }
      assertThat(LongStream.of(all(buckets)).boxed().toList()).containsAll(between);
    }
    assertThat(split(9).between(0, -1L)).containsExactlyInAnyOrder(all(split(9)));
  }

  @Test
  void buckets_becomeMoreWithTheEntries() {
    Buckets buckets = new Buckets(OWNED, GROUPS);
    assertThat(buckets.toSplit(3L * Buckets.ENTRIES)).isZero();
    for (long entries = 0; entries < 100_000; entries += 77) {
      for (long n = buckets.toSplit(entries); n > 0; n = buckets.toSplit(entries)) {
        buckets.wereSplit(n);
      }
      assertThat(buckets.count() * Buckets.ENTRIES).isGreaterThanOrEqualTo(entries - 63);
      assertThat(buckets.count()).isLessThanOrEqualTo(Math.max(3, entries / Buckets.ENTRIES + 4));
    }
  }
}
