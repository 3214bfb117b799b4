package io.fluxcore.domain.operator;

import static org.assertj.core.api.Assertions.assertThat;

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
    ledger.dropped(4);
    ledger.out(7, 70);
    Ledger.Counts counts = ledger.counts();
    assertThat(counts).isEqualTo(new Ledger.Counts(15, 150, 2, 1, 2, 3, 4, 7, 70, 1));
    assertThat(counts.accepted()).isEqualTo(5);
  }

  @Test
  void plus_addsEachCounter() {
    Ledger.Counts counts = new Ledger.Counts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(counts.plus(counts))
        .isEqualTo(new Ledger.Counts(2, 4, 6, 8, 10, 12, 14, 16, 18, 20));
    assertThat(counts.plus(Ledger.Counts.ZERO)).isEqualTo(counts);
  }

  @Test
  void restore_goesOnFromTheCounts() {
    Ledger.Counts counts = new Ledger.Counts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    Ledger ledger = new Ledger();
    ledger.restore(counts);
    assertThat(ledger.counts()).isEqualTo(counts);
    ledger.in(1, 1);
    assertThat(ledger.counts().rowsIn()).isEqualTo(2);
  }
}
