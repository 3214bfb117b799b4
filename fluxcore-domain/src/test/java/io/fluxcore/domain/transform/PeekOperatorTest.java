package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeekOperatorTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void anyRows_areSeenOnceAndHandedOnAsTheyAre(int batchRows) {
    List<EventBatch> input =
        RandomBatches.of(1, batchRows).stream().filter(b -> !b.isEmpty()).toList();
    List<EventRecord> seen = new ArrayList<>();
    TransformRun run = TransformRun.of(new PeekOperator(event -> seen.add(event.copy())), input);
    assertThat(seen).hasSameSizeAs(Row.of(input));
    assertThat(run.batches(0)).usingElementComparator((a, b) -> a == b ? 0 : 1).isEqualTo(input);
  }

  @Test
  void throwingAction_takesTheRowOut() {
    List<EventBatch> input = RandomBatches.of(2, 2048);
    List<Row> rows = Row.of(input);
    List<Row> good = rows.stream().filter(r -> !Conditions.isBad(r, 13)).toList();
    TransformRun run =
        TransformRun.of(
            new PeekOperator(
                event -> {
                  if (event.getValue("n") == 13) {
                    throw new IllegalArgumentException("13");
                  }
                }),
            input);
    assertThat(run.rows()).isEqualTo(good);
    run.assertCounts(rows.size(), 0, rows.size() - good.size(), good.size());
  }

  @Test
  void keptEvent_throwsAfterTheCall() {
    List<Event> kept = new ArrayList<>();
    TransformRun.of(new PeekOperator(kept::add), List.of(new RandomBatches(7).next(5)));
    assertThatThrownBy(() -> kept.get(0).timestamp()).isInstanceOf(IllegalStateException.class);
  }
}
