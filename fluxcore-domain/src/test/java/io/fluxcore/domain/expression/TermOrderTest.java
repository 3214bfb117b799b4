package io.fluxcore.domain.expression;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TermOrderTest {
  private static final int BATCHES = 64;

  private static void batches(TermOrder order, int... keptOfAThousand) {
    for (int i = 0; i < BATCHES; i++) {
      for (int term = 0; term < keptOfAThousand.length; term++) {
        order.tested(term, 1_000, keptOfAThousand[term]);
      }
      order.batchDone();
    }
  }

  @Test
  void termThatKeepsFewest_comesFirst() {
    TermOrder order = new TermOrder(3, true);

    batches(order, 900, 500, 8);

    assertThat(new int[] {order.term(0), order.term(1), order.term(2)}).containsExactly(2, 1, 0);
  }

  @Test
  void likeTerms_stayAsTheyWere() {
    TermOrder order = new TermOrder(2, true);

    batches(order, 500, 450);

    assertThat(order.term(0)).isZero();
  }

  @Test
  void changedData_changeTheOrder() {
    TermOrder order = new TermOrder(2, true);
    batches(order, 900, 8);
    assertThat(order.term(0)).isEqualTo(1);

    for (int i = 0; i < 4; i++) {
      batches(order, 8, 900);
    }

    assertThat(order.term(0)).isZero();
  }

  @Test
  void orderThatMatters_isKept() {
    TermOrder order = new TermOrder(2, false);

    batches(order, 900, 8);

    assertThat(order.term(0)).isZero();
  }

  @Test
  void termsNeverTested_areNotPreferred() {
    TermOrder order = new TermOrder(2, true);

    for (int i = 0; i < BATCHES; i++) {
      order.tested(0, 1_000, 0);
      order.batchDone();
    }

    assertThat(order.term(0)).isZero();
  }
}
