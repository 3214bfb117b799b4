package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Backend;
import io.fluxcore.domain.harness.Failure;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.operator.RetryPolicy;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows that are looked up in a table outside, step by step. */
class LookupJoinTest {
  private static final Schema CLICKS =
      Schema.builder().field("user", DataType.STRING).field("page", DataType.STRING).build();

  private static final Schema USERS =
      Schema.builder().field("plan", DataType.STRING).field("age", DataType.LONG).build();

  private static final JoinFields FIELDS =
      new JoinFields(
          CLICKS,
          USERS,
          List.of(
              new JoinFields.Joined(0, 0, "user"),
              new JoinFields.Joined(0, 1, "page"),
              new JoinFields.Joined(1, 0, "plan"),
              new JoinFields.Joined(1, 1, "age")),
          4);

  private static final LookupCache CACHE =
      new LookupCache(2, Duration.ofSeconds(60), Duration.ofSeconds(5));

  private final MemoryLookup users =
      new MemoryLookup(100)
          .row(List.of("ann"), "paid", 41L)
          .row(List.of("bob"), "free", null)
          .row(List.of("bob"), "trial", 7L);

  private static LookupCalls calls(boolean ordered, int inFlight, int batch) {
    return new LookupCalls(ordered, inFlight, batch, Duration.ofSeconds(3));
  }

  private OperatorHarness harness(
      JoinType type, LookupCalls calls, @Nullable LookupCache cache, @Nullable RetryPolicy retry) {
    LookupJoin join = new LookupJoin(type, FIELDS, List.of("user"), calls, cache);
    return retry == null
        ? OperatorHarness.of(() -> join.operator(users), Backend.EVICTING)
        : OperatorHarness.of(() -> join.operator(users), Backend.EVICTING, retry);
  }

  private OperatorHarness left(@Nullable LookupCache cache) {
    return harness(JoinType.LEFT, calls(true, 4, 10), cache, null);
  }

  private static void click(OperatorHarness harness, @Nullable String... usersOfRows) {
    EventBatchBuilder rows = new EventBatchBuilder(CLICKS, usersOfRows.length);
    for (String user : usersOfRows) {
      rows.row(5, user, "/");
    }
    harness.process(0, rows.build());
  }

  @Test
  void rows_waitForTheirAnswer_andLeaveWithWhatWasFound() {
    OperatorHarness harness = left(null);
    click(harness, "ann", "bob", "eve", null);
    assertThat(harness.take(0)).isEmpty();
    assertThat(harness.awaitsCalls()).isTrue();
    harness.complete(0);
    assertThat(harness.take(0))
        .containsExactly(
            "+I[ann, /, paid, 41]@5",
            "+I[bob, /, free, null]@5",
            "+I[bob, /, trial, 7]@5",
            "+I[eve, /, null, null]@5",
            "+I[null, /, null, null]@5");
    assertThat(harness.awaitsCalls()).isFalse();
    assertThat(users.calls())
        .containsExactly(List.of(List.of("ann"), List.of("bob"), List.of("eve")));
  }

  @Test
  void innerJoin_leavesOutWhatIsNotFound_andCountsIt() {
    OperatorHarness harness = harness(JoinType.INNER, calls(true, 4, 10), null, null);
    click(harness, "eve", "ann", null);
    harness.complete(0);
    assertThat(harness.take(0)).containsExactly("+I[ann, /, paid, 41]@5");
    assertThat(harness.ledger().filtered()).isEqualTo(2);
    assertThat(harness.ledger().rowsIn()).isEqualTo(3);
  }

  @Test
  void ordered_firstAnswerLate_holdsTheOthersBack() {
    OperatorHarness harness = harness(JoinType.LEFT, calls(true, 4, 1), null, null);
    click(harness, "eve", "ann", "bob");
    harness.complete(2).complete(1);
    assertThat(harness.take(0)).isEmpty();
    harness.complete(0);
    assertThat(harness.take(0))
        .containsExactly(
            "+I[eve, /, null, null]@5",
            "+I[ann, /, paid, 41]@5",
            "+I[bob, /, free, null]@5",
            "+I[bob, /, trial, 7]@5");
  }

  @Test
  void unordered_rowsLeaveWhenTheyAreKnown_watermarksStayBehindAllBeforeThem() {
    OperatorHarness harness = harness(JoinType.LEFT, calls(false, 4, 1), null, null);
    harness.watermark(1);
    click(harness, "eve", "ann");
    harness.watermark(7);
    click(harness, "bob");
    harness.watermark(9);
    harness.complete(1);
    assertThat(harness.take(0)).containsExactly("+I[ann, /, paid, 41]@5");
    harness.complete(1);
    assertThat(harness.take(0))
        .containsExactly("+I[bob, /, free, null]@5", "+I[bob, /, trial, 7]@5");
    assertThat(harness.watermarks()).containsExactly(1L);
    harness.complete(0);
    assertThat(harness.take(0)).containsExactly("+I[eve, /, null, null]@5");
    assertThat(harness.watermarks()).containsExactly(1L, 9L);
  }

  @Test
  void watermark_goesOnBehindTheRowsBeforeIt() {
    OperatorHarness harness = harness(JoinType.LEFT, calls(true, 4, 1), null, null);
    click(harness, "ann");
    harness.watermark(7);
    click(harness, "bob");
    harness.watermark(9);
    harness.complete(0);
    assertThat(harness.watermarks()).containsExactly(7L);
    harness.complete(0);
    assertThat(harness.watermarks()).containsExactly(7L, 9L);
  }

  @Test
  void sameKeyUnderWay_isAskedForOnce() {
    OperatorHarness harness = left(null);
    click(harness, "ann", "ann");
    click(harness, "ann");
    assertThat(harness.calls().size()).isEqualTo(1);
    harness.complete(0);
    assertThat(harness.take(0)).hasSize(3);
    click(harness, "ann");
    assertThat(harness.calls().size()).isEqualTo(1);
  }

  @Test
  void moreKeysThanCallsMayTake_waitForOneToEnd_andAreAskedForTogether() {
    OperatorHarness harness = harness(JoinType.LEFT, calls(true, 2, 3), null, null);
    click(harness, "a", "b", "c", "d", "e", "f");
    assertThat(harness.calls().size()).isEqualTo(2);
    assertThat(harness.isSaturated()).isFalse();
    click(harness, "g", "h");
    assertThat(harness.calls().size()).isEqualTo(2);
    assertThat(harness.isSaturated()).isTrue();
    harness.complete(0);
    assertThat(harness.calls().size()).isEqualTo(2);
    assertThat(harness.isSaturated()).isFalse();
    harness.complete(1).complete(0);
    assertThat(users.calls())
        .containsExactly(
            List.of(List.of("a"), List.of("b"), List.of("c")),
            List.of(List.of("g"), List.of("h")),
            List.of(List.of("d"), List.of("e"), List.of("f")));
    assertThat(harness.take(0)).hasSize(8);
  }

  @Test
  void cache_answersAtOnce_untilItsTimeIsOver_absentKeysByTheirOwn() {
    OperatorHarness harness = left(CACHE);
    harness.processingTime(1_000);
    click(harness, "ann", "eve");
    harness.complete(0);
    harness.take(0);
    users.remove(List.of("ann")).row(List.of("eve"), "new", 1L);
    click(harness, "ann", "eve");
    assertThat(harness.take(0))
        .containsExactly("+I[ann, /, paid, 41]@5", "+I[eve, /, null, null]@5");
    harness.processingTime(6_000);
    click(harness, "ann", "eve");
    assertThat(harness.take(0)).containsExactly("+I[ann, /, paid, 41]@5");
    harness.complete(0);
    assertThat(harness.take(0)).containsExactly("+I[eve, /, new, 1]@5");
    harness.processingTime(61_000);
    click(harness, "ann");
    harness.complete(0);
    assertThat(harness.take(0)).containsExactly("+I[ann, /, null, null]@5");
    assertThat(harness.lookups().hits()).isEqualTo(3);
    assertThat(harness.lookups().misses()).isEqualTo(4);
  }

  @Test
  void cacheIsFull_forgetsTheKeyThatWasNotAskedForLongest() {
    OperatorHarness harness = left(CACHE);
    for (String user : List.of("ann", "bob")) {
      click(harness, user);
      harness.complete(0);
    }
    click(harness, "ann");
    click(harness, "eve");
    harness.complete(0);
    click(harness, "ann");
    assertThat(harness.awaitsCalls()).isFalse();
    click(harness, "bob");
    assertThat(harness.awaitsCalls()).isTrue();
    assertThat(harness.lookups().cachedKeys()).isEqualTo(2);
  }

  @Test
  void cachedRow_behindOneThatWaits_keepsTheOrder() {
    OperatorHarness harness = left(CACHE);
    click(harness, "ann");
    harness.complete(0);
    harness.take(0);
    click(harness, "bob", "ann");
    assertThat(harness.take(0)).isEmpty();
    harness.complete(0);
    assertThat(harness.take(0))
        .containsExactly(
            "+I[bob, /, free, null]@5", "+I[bob, /, trial, 7]@5", "+I[ann, /, paid, 41]@5");
  }

  @Test
  void failedCall_isTriedAgain_afterDelaysThatGrow_thenItsRowsFail() {
    RetryPolicy retry = RetryPolicy.backOff(2, Duration.ofMillis(10), Duration.ofSeconds(1));
    OperatorHarness harness = harness(JoinType.LEFT, calls(true, 1, 1), null, retry);
    click(harness, "ann", "bob");
    harness.fail(0, new IOException("connection refused"));
    assertThat(harness.calls().delays()).containsExactly(Duration.ofMillis(10));
    harness.timeOut(0);
    assertThat(harness.calls().delays()).containsExactly(Duration.ofMillis(20));
    harness.fail(0, new IOException("connection refused"));
    assertThat(harness.failures()).extracting(Failure::code).containsExactly("FLX-JOIN-0002");
    harness.complete(0);
    assertThat(harness.take(0)).hasSize(2);
    assertThat(harness.ledger().failed()).isEqualTo(1);
    assertThat(harness.lookups().failedCalls()).isEqualTo(3);
  }

  @Test
  void failureThatNoAttemptChanges_isNotTriedAgain() {
    RetryPolicy retry = RetryPolicy.fixedDelay(5, Duration.ofMillis(10));
    OperatorHarness harness = harness(JoinType.LEFT, calls(true, 1, 10), null, retry);
    click(harness, "ann", "bob");
    harness.fail(
        0, FluxCoreException.user("FLX-TEST-0002", Place.WHOLE, "no such table", "make it"));
    assertThat(harness.failures()).hasSize(2);
    assertThat(harness.awaitsCalls()).isFalse();
  }

  @Test
  void answerForOneKeyCannotBeUsed_othersCan() {
    users.refuse(List.of("eve"), "torn").row(List.of("max"), 5L, 5L);
    OperatorHarness harness = left(CACHE);
    click(harness, "eve", "ann", "max");
    harness.complete(0);
    assertThat(harness.take(0)).containsExactly("+I[ann, /, paid, 41]@5");
    assertThat(harness.failures())
        .extracting(Failure::code)
        .containsExactly("FLX-TEST-0001", "FLX-JOIN-0003");
    click(harness, "eve");
    assertThat(harness.awaitsCalls()).isTrue();
  }

  @Test
  void lessExactDecimal_isOfTheDeclaredScale() {
    FoundCheck check =
        new FoundCheck(Schema.builder().field("price", DataType.decimal(4, 2)).build());
    List<Found> found =
        check.checked(
            List.of(List.of(1L), List.of(2L), List.of(3L)),
            List.of(
                Found.of(List.<@Nullable Object[]>of(new Object[] {new BigDecimal("1.5")})),
                Found.of(List.<@Nullable Object[]>of(new Object[] {new BigDecimal("1.555")})),
                Found.of(List.<@Nullable Object[]>of(new Object[] {new BigDecimal("155")}))));
    assertThat(found.get(0).rows().get(0)).containsExactly(new BigDecimal("1.50"));
    assertThat(found.get(1).error()).isNotNull();
    assertThat(found.get(2).error()).isNotNull();
  }

  @Test
  void rowThatTakesBack_fails() {
    OperatorHarness harness = left(null);
    harness.process(0, new EventBatchBuilder(CLICKS, 1).row(RowKind.DELETE, 5, "ann", "/").build());
    assertThat(harness.failures()).extracting(Failure::code).containsExactly("FLX-JOIN-0001");
  }

  @Test
  void snapshot_holdsTheRowsThatWait_andTheyAreAskedForAgain() {
    OperatorHarness harness = harness(JoinType.LEFT, calls(true, 4, 1), null, null);
    click(harness, "ann", null, "bob");
    harness.complete(1);
    harness.restore(harness.snapshot());
    assertThat(harness.calls().size()).isZero();
    harness.processingTime(1);
    assertThat(harness.calls().size()).isEqualTo(2);
    click(harness, "eve");
    harness.watermark(6);
    harness.complete(2).complete(1).complete(0);
    assertThat(harness.take(0))
        .containsExactly(
            "+I[ann, /, paid, 41]@5",
            "+I[null, /, null, null]@5",
            "+I[bob, /, free, null]@5",
            "+I[bob, /, trial, 7]@5",
            "+I[eve, /, null, null]@5");
    assertThat(harness.watermarks()).containsExactly(6L);
    assertThat(harness.snapshot().length)
        .describedAs("nothing is left")
        .isLessThan(harness(JoinType.LEFT, calls(true, 4, 1), null, null).snapshot().length + 50);
  }

  @Test
  void restoredRowsWithoutKey_leaveByThemselves() {
    OperatorHarness harness = harness(JoinType.LEFT, calls(true, 4, 1), null, null);
    click(harness, "ann", null);
    byte[] both = harness.snapshot();
    harness.restore(both).processingTime(1).complete(0);
    assertThat(harness.take(0))
        .containsExactly("+I[ann, /, paid, 41]@5", "+I[null, /, null, null]@5");
  }

  @Test
  void endOfInput_isHandedOnWhenAllRowsHaveLeft() {
    OperatorHarness harness = left(null);
    click(harness, "ann");
    harness.end();
    assertThat(harness.isEnded()).isFalse();
    assertThat(harness.watermarks()).isEmpty();
    harness.complete(0);
    assertThat(harness.take(0)).hasSize(1);
    assertThat(harness.isEnded()).isTrue();
    assertThat(harness.watermarks()).containsExactly(Long.MAX_VALUE);
  }

  @Test
  void outputWithoutCapacity_keepsTheRest() {
    OperatorHarness harness = left(CACHE);
    click(harness, "ann");
    harness.complete(0);
    harness.take(0);
    String[] many = new String[5_000];
    java.util.Arrays.fill(many, "ann");
    harness.refusing(true);
    click(harness, many);
    assertThat(harness.hasMore()).isTrue();
    assertThat(harness.take(0)).hasSize(2048);
    harness.resume();
    assertThat(harness.take(0)).hasSize(2048);
    harness.resume();
    assertThat(harness.take(0)).hasSize(904);
    assertThat(harness.hasMore()).isFalse();
  }
}
