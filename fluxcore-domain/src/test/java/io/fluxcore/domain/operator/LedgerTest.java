package io.fluxcore.domain.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.shedding.SheddingPolicy;
import org.junit.jupiter.api.Test;

class LedgerTest {
  @Test
  void accepted_isWhatIsLeft() {
    Ledger ledger = new Ledger();
    ledger.in(10, 100);
    ledger.in(5, 50);
    ledger.late(1);
    ledger.filtered(2);
    ledger.failed(3);
    ledger.dropped(SheddingPolicy.OLDEST, 1);
    ledger.dropped(SheddingPolicy.SAMPLE, 3);
    ledger.out(7, 70);
    Ledger.Counts counts = ledger.counts();
    assertThat(counts)
        .isEqualTo(new Ledger.Counts(15, 150, 2, 1, 2, 3, new Ledger.Dropped(1, 0, 3), 7, 70, 1));
    assertThat(counts.dropped()).isEqualTo(4);
    assertThat(counts.accepted()).isEqualTo(5);
  }

  private static Ledger.Counts counts(long n) {
    return new Ledger.Counts(
        n,
        n * 2,
        n * 3,
        n * 4,
        n * 5,
        n * 6,
        new Ledger.Dropped(n * 7, n * 8, n * 9),
        n * 10,
        n * 11,
        n * 12);
  }

  @Test
  void plus_addsEachCounter() {
    Ledger.Counts counts = counts(1);
    assertThat(counts.plus(counts)).isEqualTo(counts(2));
    assertThat(counts.plus(Ledger.Counts.ZERO)).isEqualTo(counts);
    assertThat(counts(5).minus(counts(2))).isEqualTo(counts(3));
    assertThat(counts(5).max(counts(2))).isEqualTo(counts(5));
  }

  @Test
  void restore_goesOnFromTheCounts() {
    Ledger.Counts counts = counts(1);
    Ledger ledger = new Ledger();
    ledger.restore(counts);
    assertThat(ledger.counts()).isEqualTo(counts);
    ledger.in(1, 1);
    assertThat(ledger.counts().rowsIn()).isEqualTo(2);
  }
}
