package io.fluxcore.domain.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.OperatorHarness;
import io.fluxcore.domain.keyed.TimeToLive;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Unbounded joins whose inputs are remembered for different times. */
class ChangelogJoinLivesTest {
  private static final Schema SCHEMA =
      Schema.builder().field("k", DataType.LONG).field("v", DataType.LONG).build();
  private static final TimeToLive TEN = TimeToLive.ofEventTime(Duration.ofMillis(10));

  private static OperatorHarness harness(ChangelogJoin join) {
    return OperatorHarness.of(() -> join.operator(null));
  }

  private static ChangelogJoin join(@Nullable TimeToLive left, @Nullable TimeToLive right) {
    JoinFields fields =
        new JoinFields(
            SCHEMA,
            SCHEMA,
            List.of(
                new JoinFields.Joined(JoinType.LEFT_INPUT, 1, "l"),
                new JoinFields.Joined(JoinType.RIGHT_INPUT, 1, "r")),
            2);
    return new ChangelogJoin(
        new EquiJoin(JoinType.INNER, fields, List.of("k"), List.of("k")), true, left, right);
  }

  private static EventBatch row(long time, long key, long value) {
    Column[] columns = {new LongColumn(1, new long[] {key}), new LongColumn(1, new long[] {value})};
    return EventBatch.of(SCHEMA, columns, new long[] {time}, 1);
  }

  private static List<String> values(OperatorHarness harness) {
    return harness.take(0).stream().map(row -> row.substring(0, row.indexOf(']') + 1)).toList();
  }

  @Test
  void eachInput_isForgottenByItself_alsoAfterARestore() {
    OperatorHarness first = harness(join(TEN, null));
    first.process(JoinType.LEFT_INPUT, row(0, 1, 5)).process(JoinType.RIGHT_INPUT, row(0, 2, 7));
    first.watermark(100);
    OperatorHarness harness = harness(join(TEN, null)).restore(first.snapshot());
    harness.process(JoinType.RIGHT_INPUT, row(100, 1, 6));
    assertThat(values(harness)).isEmpty();
    harness.process(JoinType.LEFT_INPUT, row(100, 2, 8));
    assertThat(values(harness)).containsExactly("+I[8, 7]");
  }

  @Test
  void rightInput_isForgotten_whereTheLeftOneStays() {
    OperatorHarness harness = harness(join(null, TEN));
    harness.process(JoinType.LEFT_INPUT, row(0, 1, 5)).process(JoinType.RIGHT_INPUT, row(0, 2, 7));
    harness.watermark(100);
    harness.process(JoinType.RIGHT_INPUT, row(100, 1, 6));
    assertThat(values(harness)).containsExactly("+I[5, 6]");
    harness.process(JoinType.LEFT_INPUT, row(100, 2, 8));
    assertThat(values(harness)).isEmpty();
    assertThat(join(TEN, null).forgets()).isTrue();
    assertThat(join(null, null).forgets()).isFalse();
  }
}
