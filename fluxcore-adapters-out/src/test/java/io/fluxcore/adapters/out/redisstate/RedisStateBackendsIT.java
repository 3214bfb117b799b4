package io.fluxcore.adapters.out.redisstate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fluxcore.application.runtime.kit.RedisServer;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.key.KeyGroupRange;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of state in Redis when things go wrong. */
@Timeout(180)
class RedisStateBackendsIT {
  private static final int GROUPS = 16;
  private static final KeyGroupRange ALL = KeyGroups.range(0, GROUPS, 1);

  private static RedisServer server;
  private RedisStateSettings settings;
  private RedisStateBackends backends;
  private TestKeys keys;

  @BeforeAll
  static void start() {
    server = RedisServer.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @BeforeEach
  void open() {
    settings = TestKeys.settings(server);
    backends = new RedisStateBackends(settings);
    keys = TestKeys.in(server, settings);
  }

  @AfterEach
  void close() {
    keys.close();
  }

  private StateBackend state() {
    StateBackend state = backends.create("op", ALL, GROUPS);
    state.tables(Numbers.LAYOUT);
    return state;
  }

  private static FrozenOperator freeze(StateBackend state) {
    return new FrozenOperator(
        OperatorSnapshot.builder("op").build(), state.freeze(SnapshotFormat.NATIVE));
  }

  private Map<Long, Long> restored(OperatorSnapshot snapshot, long namespace) {
    try (StateBackend again = state()) {
      again.restore(snapshot);
      return Numbers.all(again, namespace);
    }
  }

  private static FluxCoreException failure(Runnable use) {
    FluxCoreException failure = catchThrowableOfType(FluxCoreException.class, use::run);
    assertThat(failure).isNotNull();
    return failure;
  }

  /** Waits until a condition holds, at most as long as the test may take. */
  private static void await(java.util.function.BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @Test
  void largeState_isSpreadOverSmallBuckets_andReadBack() {
    try (StateBackend state = state()) {
      Numbers.add(state, 5, 0, 200_000, 1);
      Numbers.add(state, 5, 100_000, 200_000, 2);
      assertThat(keys.buckets()).isBetween(2_000L, 8_000L);
      Map<Long, Long> expected = Numbers.of(0, 300_000, 1);
      expected.putAll(Numbers.of(100_000, 100_000, 3));
      expected.putAll(Numbers.of(200_000, 100_000, 2));
      assertThat(Numbers.all(state, 5)).isEqualTo(expected);
      assertThat(state.estimatedBytes()).isBetween(300_000L * 16, 300_000L * 32);
    }
    assertThat(keys.names()).isEmpty();
  }

  @Test
  void namespaceThatIsDropped_isGoneFromRedis() {
    try (StateBackend state = state()) {
      Numbers.add(state, 1, 0, 20_000, 1);
      long before = keys.buckets();
      Numbers.add(state, 2, 0, 20_000, 1);
      state.tables(Numbers.LAYOUT).drop(2);
      state.commit();
      assertThat(keys.buckets()).isEqualTo(before);
      assertThat(Numbers.all(state, 1)).hasSize(20_000);
    }
  }

  @Test
  void attemptsOfAJob_doNotMeet() {
    try (StateBackend current = state()) {
      try (StateBackend stale = state()) {
        Numbers.add(stale, 1, 0, 5_000, 1);
        Numbers.add(current, 1, 0, 5_000, 10);
        Numbers.add(stale, 1, 0, 5_000, 1);
        assertThat(Numbers.all(current, 1)).isEqualTo(Numbers.of(0, 5_000, 10));
      }
      assertThat(Numbers.all(current, 1)).isEqualTo(Numbers.of(0, 5_000, 10));
    }
    assertThat(keys.names()).isEmpty();
  }

  @Test
  void frozenState_isAsItWas_whileItIsWrittenAndEverythingChanges() {
    Random random = new Random(11);
    try (StateBackend state = state()) {
      Map<Long, Long> known = new TreeMap<>();
      for (int round = 0; round < 12; round++) {
        change(state, random, known);
        Map<Long, Long> expected = new TreeMap<>(known);
        FrozenOperator first = freeze(state);
        FrozenOperator second = freeze(state);
        CompletableFuture<OperatorSnapshot> written =
            CompletableFuture.supplyAsync(first::inMemory);
        while (!written.isDone()) {
          change(state, random, known);
        }
        assertThat(restored(written.join(), 3)).as("round " + round).isEqualTo(expected);
        assertThat(restored(second.inMemory(), 3)).as("round " + round).isEqualTo(expected);
        assertThat(Numbers.all(state, 3)).isEqualTo(known);
      }
    }
    assertThat(keys.names()).isEmpty();
  }

  private static void change(StateBackend state, Random random, Map<Long, Long> known) {
    long[] touched = LongStream.generate(() -> random.nextInt(30_000)).limit(3_000).toArray();
    for (long key : touched) {
      known.merge(key, 1L, Long::sum);
    }
    Numbers.add(state, 3, touched, 1);
    state.commit();
    // others grow and go at the same time
    Numbers.add(state, random.nextInt(3), random.nextInt(1000), 2_000, 1);
    if (random.nextInt(4) == 0) {
      state.tables(Numbers.LAYOUT).drop(random.nextInt(3));
    }
    state.commit();
  }

  @Test
  void frozenStateThatIsGivenUp_leavesNothing() {
    try (StateBackend state = state()) {
      Numbers.add(state, 1, 0, 20_000, 1);
      FrozenOperator frozen = freeze(state);
      long before = keys.buckets();
      Numbers.add(state, 1, 0, 20_000, 1);
      assertThat(keys.buckets()).isGreaterThan(before);
      frozen.close();
      assertThat(keys.buckets()).isEqualTo(before);
      assertThat(Numbers.all(state, 1)).isEqualTo(Numbers.of(0, 20_000, 2));
    }
  }

  @Test
  void stateWhoseKeyOfTheProcessIsGone_failsAndDoesNotReadEmptiness() {
    try (StateBackend state = state()) {
      Numbers.add(state, 1, 0, 5_000, 1);
      keys.names().stream().filter(name -> name.endsWith(":alive")).forEach(keys::delete);
      FluxCoreException failure = failure(() -> Numbers.add(state, 1, 0, 5_000, 1));
      assertThat(failure.code()).isEqualTo("FLX-REDIS-0003");
      assertThat(failure.category()).isEqualTo(ErrorCategory.EXTERNAL);
      try (StateBackend again = state()) {
        Numbers.add(again, 1, 0, 5_000, 1);
        assertThat(Numbers.all(again, 1)).isEqualTo(Numbers.of(0, 5_000, 1));
      }
    }
  }

  @Test
  void redisThatIsKilledAndComesBackEmpty_failsOldStateAndServesNew() {
    try (RedisServer own = RedisServer.startOwn()) {
      backends = new RedisStateBackends(TestKeys.settings(own));
      killAndStartAgain(own);
    }
  }

  private void killAndStartAgain(RedisServer own) {
    try (StateBackend state = state();
        StateBackend other = state()) {
      Numbers.add(state, 1, 0, 5_000, 1);
      Numbers.add(other, 1, 0, 5_000, 1);
      own.kill();
      assertThat(failure(() -> Numbers.add(state, 1, 0, 5_000, 1)).code())
          .isEqualTo("FLX-REDIS-0001");
      assertThat(failure(this::state).code()).isEqualTo("FLX-REDIS-0001");
      own.restart();
      assertThat(failure(() -> Numbers.add(other, 1, 0, 5_000, 1)).code())
          .isEqualTo("FLX-REDIS-0001");
      assertThat(failure(() -> other.freeze(SnapshotFormat.NATIVE)).category())
          .isEqualTo(ErrorCategory.EXTERNAL);
      try (StateBackend fresh = state()) {
        Numbers.add(fresh, 1, 0, 5_000, 1);
        assertThat(Numbers.all(fresh, 1)).hasSize(5_000);
      }
    }
  }

  @Test
  void redisThatDoesNotAnswer_failsInTime() {
    try (RedisServer own = RedisServer.startOwn()) {
      backends =
          new RedisStateBackends(
              TestKeys.settings(own).withTimes(Duration.ofSeconds(1), Duration.ofSeconds(60)));
      try (StateBackend state = state()) {
        Numbers.add(state, 1, 0, 5_000, 1);
        own.pause();
        assertThat(failure(() -> Numbers.add(state, 1, 0, 5_000, 1)))
            .hasMessageContaining("FLX-REDIS-0001")
            .hasMessageContaining("PT1S");
      }
    }
  }

  @Test
  void redisThatIsFull_failsWithWhatItSays_andIsEmptiedAfterwards() {
    try (RedisServer own =
        RedisServer.startOwn("--maxmemory", "8mb", "--maxmemory-policy", "noeviction")) {
      backends = new RedisStateBackends(TestKeys.settings(own));
      try (StateBackend state = state()) {
        FluxCoreException failure = failure(() -> Numbers.add(state, 1, 0, 2_000_000, 1));
        assertThat(failure.code()).isEqualTo("FLX-REDIS-0002");
        assertThat(failure.category()).isEqualTo(ErrorCategory.RESOURCE);
        assertThat(failure).hasMessageContaining("maxmemory");
      }
      try (TestKeys left = TestKeys.in(own, backends.settings())) {
        assertThat(left.names()).isEmpty();
      }
    }
  }

  @Test
  void redisThatThrowsKeysAway_isRefused() {
    try (RedisServer own =
        RedisServer.startOwn("--maxmemory", "8mb", "--maxmemory-policy", "allkeys-lru")) {
      backends = new RedisStateBackends(TestKeys.settings(own));
      assertThat(failure(this::state))
          .hasMessageContaining("FLX-REDIS-0004")
          .hasMessageContaining("allkeys-lru");
    }
  }

  @Test
  void userWhoMayNotAskForSettings_isServed_andAWrongPasswordIsNotTold() {
    try (RedisServer own =
        RedisServer.startOwn(
            "--user",
            "flux",
            "on",
            ">secret1",
            "~*",
            "+@all",
            "-@dangerous",
            "--requirepass",
            "secret2")) {
      RedisStateSettings base = TestKeys.settings(own);
      backends = new RedisStateBackends(base.withAccess("flux", "secret1"));
      try (StateBackend state = state()) {
        Numbers.add(state, 1, 0, 5_000, 1);
        assertThat(Numbers.all(state, 1)).hasSize(5_000);
      }
      backends = new RedisStateBackends(base.withAccess("flux", "wrong1"));
      assertThat(failure(this::state))
          .hasMessageContaining("WRONGPASS")
          .hasMessageNotContaining("wrong1");
      backends = new RedisStateBackends(base);
      assertThat(failure(this::state)).hasMessageContaining("NOAUTH");
    }
  }

  @Test
  void addressThatIsNone_isRefused() {
    backends = new RedisStateBackends(RedisStateSettings.at("localhost:6379"));
    FluxCoreException failure = failure(this::state);
    assertThat(failure.code()).isEqualTo("FLX-REDIS-0006");
    assertThat(failure.category()).isEqualTo(ErrorCategory.USER);
  }

  @Test
  void whatAKilledProcessHasLeft_isRemoved() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                KilledProcess.class.getName(),
                server.uri(),
                settings.keyPrefix())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      assertThat(out.readLine()).isEqualTo("ready");
      assertThat(keys.buckets()).isGreaterThan(500);
    } finally {
      process.destroyForcibly();
    }
    String tables =
        keys.names().stream().filter(name -> name.endsWith(":tables")).findFirst().orElseThrow();
    String killed = tables.substring(0, tables.indexOf(':') + 1);
    await(() -> keys.names().stream().noneMatch(name -> name.endsWith(":alive")));
    assertThat(keys.buckets()).isGreaterThan(500);
    try (StateBackend state = state()) {
      Numbers.add(state, 1, 0, 100, 1);
      await(() -> keys.names().stream().noneMatch(name -> name.startsWith(killed)));
      assertThat(Numbers.all(state, 1)).hasSize(100);
    }
    await(() -> keys.names().isEmpty());
  }
}
