package io.fluxcore.architecture;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PurityTest {

  private static final House CLOCK = House.planted("clock");
  private static final House THREADS = House.planted("threads");
  private static final House OUTSIDE = House.planted("outside");

  static Stream<Function<House, ArchRule>> rules() {
    return Stream.of(
        PurityRules::noClockInDomainAndApplication,
        PurityRules::noThreadsInDomain,
        PurityRules::noParallelCallsInDomain,
        PurityRules::noInputOrOutputInDomain,
        PurityRules::noProcessStateInDomain);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void product_obeys(Function<House, ArchRule> rule) {
    Verdict.assertObeyed(rule.apply(House.PRODUCT), House.PRODUCT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "System.currentTimeMillis()",
        "System.nanoTime()",
        "Thread.sleep(long)",
        "TimeUnit.sleep(long)",
        "Object.wait(long)",
        "LockSupport.parkNanos(long)",
        "Instant.now()",
        "LocalDate.now()",
        "LocalDate.now(java.time.ZoneId)",
        "ZonedDateTime.now()",
        "Year.now()",
        "JapaneseDate.now()",
        "Clock.systemUTC()",
        "Clock.systemDefaultZone()",
        "Clock.tickSeconds(java.time.ZoneId)",
        "InstantSource.system()",
        "ZoneId.systemDefault()",
        "Date.<init>()",
        "Random.<init>()",
        "SplittableRandom.<init>()",
        "SecureRandom.<init>()",
        "Math.random()",
        "ThreadLocalRandom.current()",
        "UUID.randomUUID()",
        "Collections.shuffle(java.util.List)"
      })
  void clock_plantedCall_isCaught(String call) {
    caught(PurityRules::noClockInDomainAndApplication, CLOCK)
        .anyMatch(message -> message.contains(call) && message.contains("domain.ReadsTheClock"));
  }

  @Test
  void clock_plantedMethodReference_isCaught() {
    caught(PurityRules::noClockInDomainAndApplication, CLOCK)
        .anyMatch(
            message ->
                message.contains("System.nanoTime()")
                    && message.contains("application.RefersToTheClock"));
  }

  @Test
  void clock_passedIn_isAllowed() {
    caught(PurityRules::noClockInDomainAndApplication, CLOCK)
        .noneMatch(message -> message.contains("WellBehaved"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.lang.Thread>",
        "java.lang.ThreadLocal>",
        "java.util.concurrent.ExecutorService>",
        "java.util.concurrent.CompletableFuture>",
        "java.util.concurrent.ArrayBlockingQueue>",
        "java.util.concurrent.locks.ReentrantLock>",
        "java.util.Timer>"
      })
  void threads_plantedType_isCaught(String type) {
    caught(PurityRules::noThreadsInDomain, THREADS)
        .anyMatch(message -> message.contains("<" + type))
        .noneMatch(message -> message.contains("WellBehaved"));
  }

  @Test
  void threads_plantedParallelCalls_areCaught() {
    List<String> calls = List.of("parallelStream()", "parallel()", "Arrays.parallelSort([I)");

    ListAssert<String> caught = caught(PurityRules::noParallelCallsInDomain, THREADS);

    calls.forEach(call -> caught.anyMatch(message -> message.contains(call)));
    caught.noneMatch(message -> message.contains("WellBehaved"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.nio.file.Path>",
        "java.io.FileInputStream>",
        "java.io.ObjectOutputStream>",
        "java.net.Socket>",
        "java.sql.Connection>",
        "java.util.logging.Logger>"
      })
  void outside_plantedType_isCaught(String type) {
    caught(PurityRules::noInputOrOutputInDomain, OUTSIDE)
        .anyMatch(message -> message.contains("<" + type))
        .noneMatch(message -> message.contains("WellBehaved"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"System.out>", "System.getenv(", "System.getProperty("})
  void outside_plantedAccess_isCaught(String access) {
    caught(PurityRules::noProcessStateInDomain, OUTSIDE)
        .anyMatch(message -> message.contains(access))
        .noneMatch(message -> message.contains("WellBehaved"));
  }

  private static ListAssert<String> caught(Function<House, ArchRule> rule, House planted) {
    return Verdict.assertCaught(rule.apply(planted), planted);
  }
}
