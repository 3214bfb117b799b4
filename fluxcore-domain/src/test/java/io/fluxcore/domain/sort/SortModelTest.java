package io.fluxcore.domain.sort;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Exchange;
import io.fluxcore.domain.harness.Mode;
import io.fluxcore.domain.harness.Script;
import io.fluxcore.domain.harness.StageHarness;
import io.fluxcore.domain.row.SortField;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sorting against {@link SortReference}, on seeded random input, in every mode. */
class SortModelTest {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("user", DataType.LONG)
          .field("page", DataType.STRING)
          .field("ratio", DataType.DOUBLE)
          .field("price", DataType.decimal(10, 2))
          .field("raw", DataType.BYTES)
          .field("good", DataType.BOOLEAN)
          .build();

  /** Decides between all rows that differ, so that the order does not hang on arrival. */
  private static final List<SortField> ALL =
      Stream.of("user", "page desc", "ratio", "price desc", "raw", "good")
          .map(SortField::parse)
          .toList();

  /** What is random about the input. */
  record Case(List<String> key, long base, long step, long disorder, long seed) {
    EventTimeSort sort() {
      return new EventTimeSort(key, ALL, EventTimeSort.DEFAULT_MAX_ROWS);
    }

    Exchange exchange() {
      return Exchange.hash(key.stream().mapToInt(SCHEMA::ordinal).toArray());
    }

    /** Times go up by fits and starts; some rows lie far ahead. */
    Script script(long lateness) {
      Random random = new Random(seed);
      Script.Builder script = Script.of(SCHEMA);
      long largest = base;
      long watermark = Long.MIN_VALUE;
      for (int i = 0; i < 220; i++) {
        largest += random.nextLong(step * 2);
        long ahead = random.nextInt(15) == 0 ? random.nextLong(step * 40) : 0;
        script.row(largest - random.nextLong(disorder + 1) + ahead, values(random));
        if (random.nextInt(6) == 0) {
          script.cut();
        }
        if (random.nextInt(9) == 0 && largest - disorder - 1 + lateness > watermark) {
          watermark = largest - disorder - 1 + lateness;
          script.watermark(watermark);
        }
      }
      return script.end();
    }
  }

  private static Object[] values(Random random) {
    Object[] values = {
      (long) random.nextInt(3),
      "page " + random.nextInt(3),
      random.nextInt(4) * 0.25,
      BigDecimal.valueOf(random.nextInt(3), 2),
      new byte[] {(byte) random.nextInt()},
      random.nextBoolean()
    };
    values[random.nextInt(values.length)] = null;
    return values;
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(List.of("user"), -400, 3, 40, 1),
        new Case(List.of(), 1_700_000_000_000L, 2, 25, 2),
        new Case(List.of("page"), 0, 700, 9_000, 3),
        new Case(List.of("user", "page"), 1_700_000_000_000L, 60, 900, 4),
        new Case(List.of("price", "raw"), -5_000, 40, 300, 5));
  }

  private static StageHarness harness(Case c) {
    EventTimeSort sort = c.sort();
    return StageHarness.of(() -> sort.operator(SCHEMA), c.exchange(), 2)
        .view(0, rows -> SortReference.sequences(rows, c.key()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inputWithoutLateRows_comesOutInOrderPerKeyInEveryMode(Case c) {
    Script script = c.script(0);
    SortReference reference = new SortReference(c.sort(), SCHEMA).run(script);
    assertThat(reference.late()).isEmpty();
    harness(c).assertEverywhere(script, List.of(reference.sequences(), List.of()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lateRows_leaveByTheirPort_andAreCounted(Case c) {
    Script script = c.script(c.disorder() / 2);
    SortReference reference = new SortReference(c.sort(), SCHEMA).run(script);
    assertThat(reference.late()).isNotEmpty();
    StageHarness harness = harness(c).withoutInterleaving();
    harness.assertEverywhere(script, List.of(reference.sequences(), reference.late()));
    assertThat(harness.run(script, Mode.PLAIN).ledgers().values().iterator().next().late())
        .isEqualTo(reference.late().size());
  }
}
