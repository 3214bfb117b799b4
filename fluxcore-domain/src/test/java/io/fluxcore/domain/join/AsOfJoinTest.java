package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.join.AsOfMatch.Comparison;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.row.SortField;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cases of joins with the closest row by name; results are note, id, price, payer. */
class AsOfJoinTest {
  private static AsOfJoin join(JoinType type, Comparison comparison, @Nullable TimeToLive life) {
    return new AsOfJoin(
        JoinCases.join(type, false, false),
        new AsOfMatch("amount", comparison, "paid"),
        List.of(SortField.ascending("price"), SortField.ascending("payer")),
        life);
  }

  private static OperatorHarness harness(JoinType type, Comparison comparison) {
    return OperatorHarness.of(() -> join(type, comparison, null).operator());
  }

  private static EventBatch order(RowKind kind, @Nullable Long id, @Nullable Long amount) {
    return new EventBatchBuilder(JoinCases.ORDERS, 1).row(kind, 1, id, "u", amount, "n").build();
  }

  private static EventBatch payment(
      RowKind kind, @Nullable Long order, @Nullable Long paid, int price) {
    return payments(new Object[] {kind, order, paid, price});
  }

  /** Rows of kind, order, paid and price. */
  private static EventBatch payments(@Nullable Object[]... rows) {
    EventBatchBuilder builder = new EventBatchBuilder(JoinCases.PAYMENTS, rows.length);
    for (@Nullable Object[] row : rows) {
      BigDecimal price = BigDecimal.valueOf((Integer) row[3]);
      builder.row((RowKind) row[0], 2, 0.5, "p", row[1], row[2], price.setScale(2));
    }
    return builder.build();
  }

  @Test
  void closerRightRow_takesThePlaceOfTheOther_andGivesItBackWhenItGoes() {
    OperatorHarness harness = harness(JoinType.INNER, Comparison.AT_OR_AFTER);
    harness.process(0, order(RowKind.INSERT, 1L, 10L));
    assertThat(harness.take(0)).isEmpty();
    harness.process(1, payment(RowKind.INSERT, 1L, 3L, 3));
    assertThat(harness.take(0)).containsExactly("+I[n, 1, 3.00, p]@2");
    harness.process(1, payment(RowKind.INSERT, 1L, 10L, 9));
    assertThat(harness.take(0)).containsExactly("-D[n, 1, 3.00, p]@2", "+I[n, 1, 9.00, p]@2");
    harness
        .process(1, payment(RowKind.INSERT, 1L, 11L, 1))
        .process(1, payment(RowKind.INSERT, 1L, 5L, 1));
    assertThat(harness.take(0)).isEmpty();
    harness.process(1, payment(RowKind.DELETE, 1L, 10L, 9));
    assertThat(harness.take(0)).containsExactly("-D[n, 1, 9.00, p]@2", "+I[n, 1, 1.00, p]@2");
  }

  @Test
  void leftRowWithoutCloseOne_isGivenAlone_ofLeftJoinsOnly() {
    OperatorHarness left = harness(JoinType.LEFT, Comparison.BEFORE);
    left.process(0, order(RowKind.INSERT, 1L, 10L));
    assertThat(left.take(0)).containsExactly("+I[n, 1, null, null]@1");
    left.process(1, payment(RowKind.INSERT, 1L, 10L, 1));
    assertThat(left.take(0)).isEmpty();
    left.process(1, payment(RowKind.INSERT, 1L, 11L, 1));
    assertThat(left.take(0)).containsExactly("-D[n, 1, null, null]@1", "+I[n, 1, 1.00, p]@2");
    left.process(0, order(RowKind.DELETE, 1L, 10L));
    assertThat(left.take(0)).containsExactly("-D[n, 1, 1.00, p]@2");
    left.process(1, payment(RowKind.DELETE, 1L, 11L, 1));
    assertThat(left.take(0)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Comparison.class)
  void ofSeveralRowsOfTheSameValue_theFirstByTiesIsTaken_whicheverCameFirst(Comparison comparison) {
    long paid = comparison.isStrict() ? (comparison.isBackward() ? 9 : 11) : 10;
    OperatorHarness harness = harness(JoinType.INNER, comparison);
    harness.process(0, order(RowKind.INSERT, 1L, 10L));
    harness.process(1, payment(RowKind.INSERT, 1L, paid, 5));
    harness.process(1, payment(RowKind.INSERT, 1L, paid, 7));
    assertThat(harness.take(0)).containsExactly("+I[n, 1, 5.00, p]@2");
    harness.process(1, payment(RowKind.INSERT, 1L, paid, 2));
    assertThat(harness.take(0)).containsExactly("-D[n, 1, 5.00, p]@2", "+I[n, 1, 2.00, p]@2");
    harness.process(1, payment(RowKind.DELETE, 1L, paid, 2));
    harness.process(1, payment(RowKind.DELETE, 1L, paid, 5));
    assertThat(harness.take(0)).endsWith("+I[n, 1, 7.00, p]@2");
  }

  @Test
  void nulls_matchNothing() {
    OperatorHarness harness = harness(JoinType.LEFT, Comparison.AT_OR_BEFORE);
    harness.process(0, order(RowKind.INSERT, null, 1L)).process(0, order(RowKind.INSERT, 1L, null));
    harness.process(1, payment(RowKind.INSERT, null, 1L, 1));
    harness.process(1, payment(RowKind.INSERT, 1L, null, 1));
    harness.process(0, order(RowKind.DELETE, 1L, null));
    assertThat(harness.take(0))
        .containsExactly(
            "+I[n, null, null, null]@1", "+I[n, 1, null, null]@1", "-D[n, 1, null, null]@1");
    assertThat(harness.ledger().filtered()).isEqualTo(2);
  }

  @Test
  void equalLeftRows_haveAResultEach() {
    OperatorHarness harness = harness(JoinType.INNER, Comparison.AT_OR_AFTER);
    harness.process(1, payment(RowKind.INSERT, 1L, 1L, 1));
    harness.process(0, order(RowKind.INSERT, 1L, 1L)).process(0, order(RowKind.INSERT, 1L, 1L));
    assertThat(harness.take(0)).containsExactly("+I[n, 1, 1.00, p]@2", "+I[n, 1, 1.00, p]@2");
    harness.process(0, order(RowKind.DELETE, 1L, 1L));
    assertThat(harness.take(0)).containsExactly("-D[n, 1, 1.00, p]@2");
    harness.process(1, payment(RowKind.DELETE, 1L, 1L, 1));
    assertThat(harness.take(0)).containsExactly("-D[n, 1, 1.00, p]@2");
  }

  @Test
  void whatComesAndGoesWithinABatch_isNotGiven() {
    OperatorHarness harness = harness(JoinType.INNER, Comparison.AT_OR_AFTER);
    harness
        .process(1, payment(RowKind.INSERT, 1L, 1L, 1))
        .process(0, order(RowKind.INSERT, 1L, 5L));
    harness.take(0);
    harness.process(
        1,
        payments(
            new Object[] {RowKind.INSERT, 1L, 4L, 4},
            new Object[] {RowKind.DELETE, 1L, 1L, 1},
            new Object[] {RowKind.DELETE, 1L, 4L, 4},
            new Object[] {RowKind.INSERT, 1L, 1L, 1}));
    assertThat(harness.take(0)).isEmpty();
  }

  @Test
  void retractionOfARowThatIsNotThere_isFiltered() {
    OperatorHarness harness = harness(JoinType.LEFT, Comparison.AT_OR_AFTER);
    harness.process(0, order(RowKind.DELETE, 1L, 5L));
    harness.process(1, payment(RowKind.DELETE, 1L, 5L, 1));
    assertThat(harness.take(0)).isEmpty();
    assertThat(harness.ledger().filtered()).isEqualTo(2);
  }

  @Test
  void manyLeftRowsOfOneRight_areGivenWithPausesBetween() {
    int rows = 40_000;
    OperatorHarness harness = harness(JoinType.LEFT, Comparison.AT_OR_AFTER);
    for (int done = 0; done < rows; ) {
      EventBatchBuilder builder = new EventBatchBuilder(JoinCases.ORDERS, EventBatch.TARGET_ROWS);
      for (int i = 0; i < EventBatch.TARGET_ROWS && done < rows; i++) {
        builder.row(1, 1L, "u", 5L, "note " + done++);
      }
      harness.process(0, builder.build());
    }
    harness.take(0);
    harness.refusing(true).process(1, payment(RowKind.INSERT, 1L, 5L, 1));
    int pauses = 0;
    while (harness.hasMore()) {
      pauses++;
      harness.resume();
    }
    assertThat(harness.take(0)).hasSize(2 * rows);
    assertThat(pauses).isGreaterThan(10);
  }

  @Test
  void rowsOfAKey_areForgottenTogether_andWhatWasGivenStays() {
    TimeToLive life = TimeToLive.ofEventTime(Duration.ofMillis(10));
    OperatorHarness harness =
        OperatorHarness.of(() -> join(JoinType.LEFT, Comparison.AT_OR_AFTER, life).operator());
    harness
        .process(1, payment(RowKind.INSERT, 1L, 5L, 1))
        .process(0, order(RowKind.INSERT, 1L, 5L));
    assertThat(harness.take(0)).containsExactly("+I[n, 1, 1.00, p]@2");
    harness.watermark(50);
    harness.process(1, payment(RowKind.DELETE, 1L, 5L, 1));
    harness.process(0, order(RowKind.DELETE, 1L, 5L));
    assertThat(harness.take(0)).isEmpty();
    assertThat(harness.ledger().filtered()).isEqualTo(2);
    harness.process(0, order(RowKind.INSERT, 1L, 5L));
    assertThat(harness.take(0)).containsExactly("+I[n, 1, null, null]@1");
  }

  @Test
  void match_isReadAsItIsWritten() {
    for (Comparison comparison : Comparison.values()) {
      AsOfMatch match = new AsOfMatch("a b", comparison, "c d");
      assertThat(AsOfMatch.parse(match.toString())).isEqualTo(match);
      assertThat(comparison.reversed().reversed()).isEqualTo(comparison);
      assertThat(comparison.reversed().isBackward()).isNotEqualTo(comparison.isBackward());
    }
    assertThat(AsOfMatch.parse(" time >=  quoted ")).hasToString("time >= quoted");
    for (String text : List.of("", "a", "a = b", ">= b", "a >=", "a>=b")) {
      assertThatThrownBy(() -> AsOfMatch.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + text + "'");
    }
  }

  @Test
  void otherTypesThanInnerAndLeft_areRefused() {
    assertThatThrownBy(() -> join(JoinType.FULL, Comparison.AFTER, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("full");
  }
}
