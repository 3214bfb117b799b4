package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.Retries;
import io.fluxcore.domain.operator.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User code that fails for each row as often as a script says, under retries. */
class RetriedUserCodeTest {
  private static final int ATTEMPTS = 3;
  private static final Schema SCHEMA = Schema.builder().field("id", DataType.LONG).build();

  /** How often user code fails for a row; negative: the row itself is bad. */
  private final Map<Long, Integer> script = new HashMap<>();

  private final Map<Long, Integer> calls = new HashMap<>();
  private Duration waited = Duration.ZERO;

  private void call(long id) {
    int call = calls.merge(id, 1, Integer::sum);
    int failures = script.getOrDefault(id, 0);
    if (failures < 0) {
      throw new RecordException("TEST-1", "row " + id);
    }
    if (call <= failures) {
      throw new IllegalStateException("not now");
    }
  }

  private Operator operator(String kind) {
    return switch (kind) {
      case "map" ->
          new MapOperator(
              event -> {
                call(event.getLong("id"));
                return Map.of("id", event.getLong("id"));
              },
              SCHEMA);
      case "flatMap" ->
          new FlatMapOperator(
              (event, out) -> {
                long id = event.getLong("id");
                out.emit(id);
                call(id);
              },
              SCHEMA);
      case "peek" -> new PeekOperator(event -> call(event.getLong("id")));
      default ->
          new FilterOperator(
              RowCondition.code(
                  event -> {
                    call(event.getLong("id"));
                    return true;
                  }));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"map", "flatMap", "peek", "filter"})
  void rowsThatGetBetterInTime_pass_inTheirOrder(String kind) {
    long seed = 42;
    Random random = new Random(seed);
    List<Long> expected = new ArrayList<>();
    List<Integer> expectedAttempts = new ArrayList<>();
    RetryPolicy policy = RetryPolicy.fixedDelay(ATTEMPTS, Duration.ofMillis(10));
    TransformRun run =
        TransformRun.openRetrying(
            operator(kind), new Retries(policy, delay -> waited = waited.plus(delay)));
    long id = 0;
    for (int b = 0; b < 20; b++) {
      EventBatchBuilder rows = new EventBatchBuilder(SCHEMA, 50);
      for (int i = 0; i < 50; i++, id++) {
        int failures = random.nextInt(4) == 0 ? random.nextInt(7) - 1 : 0;
        script.put(id, failures);
        rows.row(id, id);
        if (failures >= 0 && failures <= ATTEMPTS) {
          expected.add(id);
        } else {
          expectedAttempts.add(failures < 0 ? 1 : ATTEMPTS + 1);
        }
      }
      EventBatch batch = rows.build();
      waited = Duration.ZERO;
      run.process(0, batch);
      assertThat(waited).as("seed %s", seed).isLessThanOrEqualTo(policy.longestWait());
    }
    List<Long> passed = new ArrayList<>();
    for (EventBatch batch : run.batches(0)) {
      for (int i = 0; i < batch.size(); i++) {
        passed.add((Long) batch.column(0).get(batch.row(i)));
      }
    }
    assertThat(passed).as("seed %s", seed).isEqualTo(expected);
    assertThat(run.attempts).isEqualTo(expectedAttempts);
    assertThat(run.ledger.counts().failed()).isEqualTo(1_000 - expected.size());
  }
}
