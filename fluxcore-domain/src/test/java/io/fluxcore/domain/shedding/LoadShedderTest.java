package io.fluxcore.domain.shedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Envelope;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import java.math.BigDecimal;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoadShedderTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("n", DataType.LONG)
          .field("ratio", DataType.DOUBLE)
          .field("price", DataType.decimal(10, 2))
          .build();

  private static LoadShedder shedder(LoadShedding settings) {
    return new LoadShedder(settings, SCHEMA);
  }

  private static LoadShedding of(SheddingPolicy policy) {
    return new LoadShedding(policy, 10, null, 0);
  }

  private static List<Integer> choose(LoadShedder shedder, long[] ranks, int excess) {
    return shedder.choose(ranks, excess).stream().boxed().toList();
  }

  /** Beside sorting all of them. */
  @ParameterizedTest
  @EnumSource(SheddingPolicy.class)
  void leastRows_areChosen_theFirstAmongEquals(SheddingPolicy policy) {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      long[] ranks = new long[1 + random.nextInt(60)];
      int values = 1 + random.nextInt(40);
      for (int i = 0; i < ranks.length; i++) {
        ranks[i] = policy == SheddingPolicy.OLDEST ? 0 : random.nextInt(values) - values / 2;
      }
      int excess = random.nextInt(ranks.length + 1);
      List<Integer> expected =
          IntStream.range(0, ranks.length)
              .boxed()
              .sorted(Comparator.comparingLong(i -> ranks[i]))
              .limit(excess)
              .sorted()
              .toList();
      assertThat(choose(shedder(of(policy)), ranks, excess))
          .as("seed %d", seed)
          .isEqualTo(expected);
    }
  }

  @Test
  void extremes_areRanks() {
    long[] ranks = {Long.MAX_VALUE, 0, Long.MIN_VALUE, -1, Long.MIN_VALUE};
    LoadShedder shedder = shedder(LoadShedding.lowestPriority("n"));
    assertThat(choose(shedder, ranks, 1)).containsExactly(2);
    assertThat(choose(shedder, ranks, 3)).containsExactly(2, 3, 4);
    assertThat(choose(shedder, ranks, 5)).containsExactly(0, 1, 2, 3, 4);
    assertThat(choose(shedder, new long[0], 0)).isEmpty();
  }

  @Test
  void priority_isANumberOfAnyType_andNullTheLeast() {
    EventBatch batch =
        new EventBatchBuilder(SCHEMA)
            .row(0, 5L, Double.NEGATIVE_INFINITY, new BigDecimal("1.50"))
            .row(0, Long.MIN_VALUE + 1, -0.0, null)
            .row(0, null, null, new BigDecimal("-3.00"))
            .row(0, -7L, 0.0, new BigDecimal("0.00"))
            .row(0, Long.MAX_VALUE, Double.NaN, new BigDecimal("0.01"))
            .build();
    for (String field : SCHEMA.fieldNames()) {
      LoadShedder shedder = shedder(LoadShedding.lowestPriority(field));
      List<Integer> order =
          switch (field) {
            case "n" -> List.of(2, 1, 3, 0, 4);
            case "ratio" -> List.of(2, 0, 1, 3, 4);
            default -> List.of(1, 2, 3, 4, 0);
          };
      for (int excess = 0; excess <= 5; excess++) {
        assertThat(choose(shedder, shedder.ranks(batch, 0), excess))
            .as(field)
            .containsExactlyInAnyOrderElementsOf(order.subList(0, excess));
      }
    }
  }

  @Test
  void priorityOfTheEnvelope_counts_forSelectedRowsOnly() {
    LoadShedder shedder = shedder(LoadShedding.lowestPriority());
    EventBatch batch =
        new EventBatchBuilder(SCHEMA)
            .row(0, 1L, 0.0, null)
            .row(0, 2L, 0.0, null)
            .row(0, 3L, 0.0, null)
            .build();
    assertThat(shedder.ranks(batch, 0)).containsExactly(0, 0, 0);
    EventBatch withPriorities =
        batch
            .withEnvelope(new Envelope(null, null, null, null, new int[] {9, 4, -2}, null))
            .withSelection(new int[] {0, 2}, 2);
    assertThat(shedder.ranks(withPriorities, 0)).containsExactly(9, -2);
  }

  @Test
  void sample_isTheSameForTheSameSeed_howeverRowsAreBatched() {
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (long n = 0; n < 100; n++) {
      builder.row(0, n, 0.0, null);
    }
    EventBatch batch = builder.build();
    LoadShedder shedder = shedder(LoadShedding.sample().withSeed(3));
    long[] whole = shedder.ranks(batch, 1_000);
    int[] tail = IntStream.range(40, 100).toArray();
    assertThat(shedder.ranks(batch.withSelection(tail, 60), 1_040))
        .containsExactly(IntStream.of(tail).mapToLong(i -> whole[i]).toArray());
    assertThat(shedder(LoadShedding.sample().withSeed(4)).ranks(batch, 1_000)).isNotEqualTo(whole);
  }

  /** Of many rows that come in turn, each is as likely to stay: 200 of 2,000, in ten tenths. */
  @Test
  void sample_isUniform() {
    LoadShedder shedder = shedder(LoadShedding.sample().withMaxRows(200));
    EventBatch one = new EventBatchBuilder(SCHEMA).row(0, 0L, 0.0, null).build();
    int[] kept = new int[10];
    for (int round = 0; round < 50; round++) {
      long[] ranks = new long[2_000];
      for (int i = 0; i < ranks.length; i++) {
        ranks[i] = shedder.ranks(one, round * 2_000L + i)[0];
      }
      BitSet shed = shedder.choose(ranks, 1_800);
      for (int i = 0; i < ranks.length; i++) {
        kept[i / 200] += shed.get(i) ? 0 : 1;
      }
    }
    assertThat(IntStream.of(kept).sum()).isEqualTo(50 * 200);
    assertThat(IntStream.of(kept)).allMatch(count -> count > 850 && count < 1_150);
  }

  @Test
  void settings_areChecked() {
    assertThatThrownBy(() -> LoadShedding.oldest().withMaxRows(0))
        .hasMessage("load shedding beyond 0 rows: give at least 1 row");
    assertThatThrownBy(() -> new LoadShedding(SheddingPolicy.SAMPLE, 5, "n", 0))
        .hasMessageContaining("'sample' asks for no priority, but priorityField is 'n'");
    assertThat(LoadShedding.lowestPriority("n").withMaxRows(7))
        .hasToString("lowest-priority (n) beyond 7 rows a reader");
  }
}
