package io.fluxcore.domain.harness;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.LookupReading;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.operator.Retries;
import io.fluxcore.domain.operator.RetryPolicy;
import io.fluxcore.domain.operator.Stage;
import io.fluxcore.domain.operator.StageNode;
import io.fluxcore.domain.operator.StageOutput;
import io.fluxcore.domain.operator.WindowReading;
import io.fluxcore.domain.state.CanonicalSnapshot;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StateBackend;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Drives one operator, or a chain of them, step by step: for tests that name a case and look at
 * what comes out after each step. Not thread-safe.
 *
 * <pre>{@code
 * OperatorHarness harness = OperatorHarness.of(() -> aggregation.operator(schema));
 * harness.row(schema, 5, "a", 1L);
 * harness.watermark(9);
 * assertThat(harness.take(0)).containsExactly("+I[a, …]@9");
 * }</pre>
 */
public final class OperatorHarness implements AutoCloseable {
  /** Ports that are looked at. */
  private static final int PORTS = 4;

  private static final int MAX_PARALLELISM = KeyGroups.DEFAULT_MAX_PARALLELISM;
  private static final String ID = "operator";

  private final Supplier<Operator> operators;
  private final Backend backend;
  private final @Nullable RetryPolicy retry;
  private final List<List<EventRecord>> taken = new ArrayList<>();
  private final List<Long> watermarks = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<Integer> batchSizes = new ArrayList<>();
  private Ledger ledger = new Ledger();
  private Operator operator;
  private Stage stage;
  private List<OperatorContext> contexts;
  private OpenCalls calls = new OpenCalls();
  private boolean refusing;

  private OperatorHarness(
      Supplier<Operator> operators, Backend backend, @Nullable RetryPolicy retry) {
    this.operators = operators;
    this.backend = backend;
    this.retry = retry;
    for (int port = 0; port < PORTS; port++) {
      taken.add(new ArrayList<>());
    }
    open(null);
  }

  /** An opened operator, its state on the heap. */
  public static OperatorHarness of(Supplier<Operator> operators) {
    return of(operators, Backend.HEAP);
  }

  public static OperatorHarness of(Supplier<Operator> operators, Backend backend) {
    return new OperatorHarness(operators, backend, null);
  }

  /** An opened operator whose error policy tries again. */
  public static OperatorHarness of(
      Supplier<Operator> operators, Backend backend, RetryPolicy retry) {
    return new OperatorHarness(operators, backend, retry);
  }

  private void open(@Nullable OperatorSnapshot snapshot) {
    operator = operators.get();
    ledger = new Ledger();
    calls = new OpenCalls();
    List<List<StageNode.Target>> ports = new ArrayList<>();
    for (int port = 0; port < PORTS; port++) {
      ports.add(List.of(new StageNode.Outside(port)));
    }
    StateBackend state = backend.create(KeyGroups.range(0, MAX_PARALLELISM, 1), MAX_PARALLELISM, 1);
    contexts =
        List.of(
            new OperatorContext(
                ID, 0, 1, MAX_PARALLELISM, state, ledger, new CollectedFailures(), calls));
    stage =
        new Stage(
            List.of(new StageNode(ID, operator, ports)), List.of(ledger), new CollectingOutput());
    stage.open(contexts);
    if (snapshot != null) {
      stage.restore(contexts, java.util.Map.of(ID, snapshot));
    }
  }

  private final class CollectedFailures implements RecordFailures {
    @Override
    public void failed(EventBatch batch, int row, RecordException error) {
      ledger.failed(1);
      failures.add(new Failure(ID, error.code(), new EventCursor().moveTo(batch, row).copy()));
    }

    @Override
    public Retries retries() {
      return new Retries(retry, delay -> {});
    }
  }

  private final class CollectingOutput implements StageOutput {
    @Override
    public void emit(int edge, EventBatch batch) {
      batchSizes.add(batch.size());
      taken.get(edge).addAll(Rows.of(batch));
    }

    @Override
    public void watermark(long watermark) {
      watermarks.add(watermark);
    }

    @Override
    public boolean hasCapacity() {
      return !refusing;
    }
  }

  /** From now on outputs have no capacity, and the caller resumes; or they have again. */
  public OperatorHarness refusing(boolean whether) {
    refusing = whether;
    return this;
  }

  /** One row as a batch. */
  public OperatorHarness row(Schema schema, long timestamp, @Nullable Object... values) {
    return process(0, new EventBatchBuilder(schema, 1).row(timestamp, values).build());
  }

  public OperatorHarness process(EventBatch batch) {
    return process(0, batch);
  }

  public OperatorHarness process(int input, EventBatch batch) {
    stage.process(0, input, batch);
    return finish();
  }

  public OperatorHarness watermark(long time) {
    stage.watermark(time);
    return finish();
  }

  /** How far one input is. */
  public OperatorHarness inputWatermark(int input, long time) {
    stage.inputWatermark(0, input, time);
    return this;
  }

  public OperatorHarness processingTime(long millis) {
    stage.processingTime(millis);
    return finish();
  }

  public OperatorHarness flush() {
    stage.flush();
    return finish();
  }

  /** The last watermark and the end of input; again after calls that rows waited for. */
  public OperatorHarness end() {
    stage.watermark(Long.MAX_VALUE);
    finish();
    stage.endOfInput();
    return finish();
  }

  /** Whether the end of input has got all the way. */
  public boolean isEnded() {
    return stage.isEnded();
  }

  /** The calls that the operator has asked for. */
  public OpenCalls calls() {
    return calls;
  }

  /** Runs a call that has not ended to its end. */
  public OperatorHarness complete(int call) {
    stage.complete(0, calls.run(call));
    return finish();
  }

  /** Ends a call with a failure. */
  public OperatorHarness fail(int call, Exception failure) {
    stage.complete(0, calls.fail(call, failure));
    return finish();
  }

  /** Ends a call because its time is over. */
  public OperatorHarness timeOut(int call) {
    stage.complete(0, calls.timeOut(call));
    return finish();
  }

  /** Whether rows wait for calls. */
  public boolean awaitsCalls() {
    return stage.awaitsCalls();
  }

  /** Whether the operator wants no more rows for now. */
  public boolean isSaturated() {
    return stage.isSaturated();
  }

  private OperatorHarness finish() {
    while (!refusing && stage.hasMore()) {
      stage.resume();
    }
    return this;
  }

  /** Whether the operator stopped because of {@link #refusing}. */
  public boolean hasMore() {
    return stage.hasMore();
  }

  public OperatorHarness resume() {
    stage.resume();
    return this;
  }

  /** The rows of a port since the last call, as {@link Rows#text}. */
  public List<String> take(int port) {
    return Rows.texts(takeRows(port));
  }

  /** The rows of a port since the last call. */
  public List<EventRecord> takeRows(int port) {
    List<EventRecord> rows = List.copyOf(taken.get(port));
    taken.get(port).clear();
    return rows;
  }

  /** Sizes of all batches that were emitted. */
  public List<Integer> batchSizes() {
    return List.copyOf(batchSizes);
  }

  /** The watermarks that were handed on. */
  public List<Long> watermarks() {
    return List.copyOf(watermarks);
  }

  public List<Failure> failures() {
    return List.copyOf(failures);
  }

  public Ledger.Counts ledger() {
    return ledger.counts();
  }

  /** What the operator's windows wait for. */
  public @Nullable WindowReading windows() {
    return stage.windows(0);
  }

  /** How the operator gets on with a table outside. */
  public LookupReading lookups() {
    return java.util.Objects.requireNonNull(stage.lookups(0));
  }

  public StateBackend state() {
    return contexts.get(0).state();
  }

  /** A flush, then a snapshot in the canonical format. */
  public byte[] snapshot() {
    stage.flush();
    finish();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      List<OperatorSnapshot> parts =
          stage.freeze(contexts, SnapshotFormat.CANONICAL).stream()
              .map(FrozenOperator::inMemory)
              .toList();
      CanonicalSnapshot.write(JobSnapshot.of(1, MAX_PARALLELISM, parts), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Closes the operator and goes on with another one, restored from the snapshot. */
  public OperatorHarness restore(byte[] snapshot) {
    close();
    try {
      JobSnapshot job = CanonicalSnapshot.read(new ByteArrayInputStream(snapshot));
      open(job.operators().get(ID));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  @Override
  public void close() {
    stage.close();
    contexts.get(0).state().close();
  }
}
