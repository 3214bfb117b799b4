package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * What leaves a pattern operator: matches and time-outs as rows, and events that rules cannot judge
 * as failed ones. Not thread-safe.
 */
final class MatchOutput implements MatchListener {
  private final OperatorContext context;
  private final Schema keySchema;
  private final boolean hasTimeouts;
  private final AlertRows alerts;
  private final AlertRows timeouts;
  private final BitSet failedRows = new BitSet();

  final MatchCounts counts = new MatchCounts();

  private @Nullable EventBatch batch;
  private Column[] keys = new Column[0];
  private int row;
  private @Nullable RuleRunner runner;

  /**
   * Of one subtask.
   *
   * @param hasTimeouts whether anybody reads them; they are counted anyway
   */
  MatchOutput(
      OperatorContext context,
      Schema keySchema,
      AlertRows alerts,
      AlertRows timeouts,
      boolean hasTimeouts) {
    this.context = context;
    this.keySchema = keySchema;
    this.alerts = alerts;
    this.timeouts = timeouts;
    this.hasTimeouts = hasTimeouts;
  }

  /**
   * What follows is of these keys.
   *
   * @param newBatch the rows that are looked at; null where only time goes on
   */
  void begin(@Nullable EventBatch newBatch, Column[] newKeys) {
    batch = newBatch;
    keys = newKeys;
    failedRows.clear();
  }

  /** What follows is of the key in this row. */
  void at(int newRow) {
    row = newRow;
  }

  /** What follows is of this rule. */
  void of(RuleRunner newRunner) {
    runner = newRunner;
  }

  private RuleRunner runner() {
    if (runner == null) {
      throw new IllegalStateException("no rule is looked at");
    }
    return runner;
  }

  @Override
  public void matched(PartialMatch match, long time) {
    PatternMatcher matcher = runner().matcher;
    long end = matcher.isPending(match) ? matcher.deadline(match) : match.last.event.timestamp;
    counts.matches++;
    failed(alerts.add(keys, row, runner(), match, end, time), time);
  }

  @Override
  public void timedOut(PartialMatch match, long time) {
    counts.timedOut++;
    if (hasTimeouts) {
      failed(timeouts.add(keys, row, runner(), match, time, time), time);
    }
  }

  /** Where no row is looked at, the key stands for it: it came in and failed. */
  private void failed(@Nullable RecordException failure, long time) {
    if (failure == null) {
      return;
    }
    EventBatch rows = batch;
    if (rows != null) {
      fail(row, failure);
      return;
    }
    Column[] key = new Column[keys.length];
    for (int k = 0; k < key.length; k++) {
      key[k] = keys[k].gather(new int[] {row}, 1);
    }
    context.ledger().in(1, 0);
    context.failures().failed(EventBatch.of(keySchema, key, new long[] {time}, 1), 0, failure);
  }

  /** A row is counted as failed once, however many rules could not judge it. */
  void fail(int failedRow, RecordException error) {
    EventBatch rows = batch;
    if (rows != null && !failedRows.get(failedRow)) {
      failedRows.set(failedRow);
      context.failures().failed(rows, failedRow, error);
    }
  }

  /** Whether as many rows wait as a batch has. */
  boolean isFull() {
    return alerts.size() + timeouts.size() >= EventBatch.TARGET_ROWS;
  }

  void flush(Output out) {
    alerts.flush(Output.MAIN, out);
    timeouts.flush(PatternMatching.TIMEOUT_PORT, out);
  }
}
