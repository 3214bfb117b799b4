package io.fluxcore.domain.transform;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.operator.Retries;
import io.fluxcore.domain.state.HeapStateBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** An operator between batches and what came of them, with the accounts that a stage keeps. */
final class TransformRun implements Output {
  final Map<Integer, List<EventBatch>> emitted = new TreeMap<>();
  final List<Row> failedRows = new ArrayList<>();
  final List<RecordException> errors = new ArrayList<>();
  final List<Integer> attempts = new ArrayList<>();
  final Ledger ledger = new Ledger();
  private final Operator operator;
  private final BooleanSupplier capacity;
  private int sinceCheck;

  private TransformRun(Operator operator, RecordFailures failures, BooleanSupplier capacity) {
    this(operator, failures, capacity, Retries.NONE);
  }

  private TransformRun(
      Operator operator, RecordFailures failures, BooleanSupplier capacity, Retries retries) {
    this.operator = operator;
    this.capacity = capacity;
    RecordFailures counting =
        new RecordFailures() {
          @Override
          public void failed(EventBatch batch, int row, RecordException error) {
            failed(batch, row, error, 1);
          }

          @Override
          public void failed(EventBatch batch, int row, RecordException error, int tried) {
            ledger.failed(1);
            failedRows.add(Row.of(batch, row));
            errors.add(error);
            attempts.add(tried);
            failures.failed(batch, row, error);
          }

          @Override
          public Retries retries() {
            return retries;
          }
        };
    operator.open(
        new OperatorContext("op", 0, 1, 128, HeapStateBackend.whole(128), ledger, counting));
  }

  static TransformRun open(Operator operator) {
    return open(operator, () -> true);
  }

  static TransformRun open(Operator operator, BooleanSupplier capacity) {
    return new TransformRun(operator, (batch, row, error) -> {}, capacity);
  }

  /** What fails is tried again. */
  static TransformRun openRetrying(Operator operator, Retries retries) {
    return new TransformRun(operator, (batch, row, error) -> {}, () -> true, retries);
  }

  /** Under the policy "fail". */
  static TransformRun openStrict(Operator operator) {
    return new TransformRun(operator, RecordFailures.FAIL, () -> true);
  }

  static TransformRun of(Operator operator, List<EventBatch> batches) {
    return open(operator).all(batches);
  }

  TransformRun all(List<EventBatch> batches) {
    for (EventBatch batch : batches) {
      process(0, batch);
    }
    return this;
  }

  TransformRun process(int input, EventBatch batch) {
    if (!batch.isEmpty()) {
      ledger.in(batch.size(), 0);
      sinceCheck = 0;
      operator.process(input, batch, this);
      while (operator.hasMore()) {
        sinceCheck = 0;
        operator.resume(this);
      }
    }
    return this;
  }

  /** The most batches that were emitted in one call although there was no capacity. */
  int maxWithoutCapacity;

  @Override
  public void emit(int port, EventBatch batch) {
    if (batch.isEmpty()) {
      return;
    }
    sinceCheck++;
    maxWithoutCapacity = Math.max(maxWithoutCapacity, sinceCheck);
    ledger.out(batch.size(), 0);
    emitted.computeIfAbsent(port, p -> new ArrayList<>()).add(batch);
  }

  @Override
  public boolean hasCapacity() {
    boolean free = capacity.getAsBoolean();
    if (free) {
      sinceCheck = 0;
    }
    return free;
  }

  List<EventBatch> batches(int port) {
    return emitted.getOrDefault(port, List.of());
  }

  List<Row> rows() {
    return rows(MAIN);
  }

  List<Row> rows(int port) {
    return Row.of(batches(port));
  }

  void assertCounts(int in, int filtered, int failed, int out) {
    Ledger.Counts counts = ledger.counts();
    assertThat(counts.rowsIn()).isEqualTo(in);
    assertThat(counts.filtered()).isEqualTo(filtered);
    assertThat(counts.failed()).isEqualTo(failed);
    assertThat(counts.rowsOut()).isEqualTo(out);
    assertThat(counts.accepted()).isEqualTo(in - filtered - failed);
  }
}
