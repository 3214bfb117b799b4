package io.fluxcore.benchmarks;

import io.fluxcore.boot.FluxCore;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.Expression;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Rows per second that a condition looks at, batch by batch, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class FilterBenchmark {
  private static final Schema SCHEMA =
      Schema.builder()
          .field("kind", DataType.LONG)
          .field("auction", DataType.LONG)
          .field("channel", DataType.STRING)
          .build();

  /** The condition. */
  @Param({"kind = 2", "kind = 2 and auction % 123 = 0", "channel = 'channel-7'"})
  public String condition = "kind = 2";

  private final int[] rows = new int[EventBatch.TARGET_ROWS];
  private EventBatch batch = new EventBatchBuilder(SCHEMA).build();
  private CompiledPredicate predicate = (batch, rows, errors) -> 0;

  @Setup
  public void prepare() {
    SplittableRandom random = new SplittableRandom(42);
    EventBatchBuilder builder = new EventBatchBuilder(SCHEMA);
    for (int i = 0; i < EventBatch.TARGET_ROWS; i++) {
      long kind = random.nextInt(50) < 4 ? 1 : 2;
      builder.row(i, kind, random.nextLong(100_000), "channel-" + random.nextInt(10));
    }
    batch = builder.build();
    predicate = Expression.parse(condition).compilePredicate(SCHEMA, FluxCore.expressions());
  }

  @Benchmark
  @OperationsPerInvocation(EventBatch.TARGET_ROWS)
  public int select() {
    return predicate.select(batch, rows, RowErrors.THROW);
  }
}
