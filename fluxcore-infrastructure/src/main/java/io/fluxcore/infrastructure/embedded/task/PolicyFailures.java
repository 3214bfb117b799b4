package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.runtime.JobProgress.LastError;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.RawRecords;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.RecordFailures;
import io.fluxcore.domain.operator.Retries;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator's error policy at work: counts every bad row, then fails, skips or keeps it. While a
 * dead letter is replayed, what it fails with is told to whoever replays it and to nobody else.
 */
public final class PolicyFailures implements RecordFailures {
  private static final int MAX_ROW_CHARACTERS = 1_000;

  private final FailureSettings job;
  private final String operatorId;
  private final ErrorPolicy policy;
  private final boolean rereads;
  private final Ledger ledger;
  private final TaskControl control;
  private final Retries retries;
  private volatile @Nullable LastError last;
  private boolean replaying;
  private @Nullable LastError replayError;

  /**
   * The failures of an operator.
   *
   * @param rereads whether rows that reach the operator come again when the job goes back to a
   *     checkpoint
   */
  public PolicyFailures(
      FailureSettings job,
      String operatorId,
      ErrorPolicy policy,
      boolean rereads,
      Ledger ledger,
      TaskControl control) {
    this.job = job;
    this.operatorId = operatorId;
    this.policy = policy;
    this.rereads = rereads;
    this.ledger = ledger;
    this.control = control;
    this.retries = new Retries(policy.retry(), control::pause);
  }

  /** The last row or record that failed, or null. Any thread. */
  public @Nullable LastError last() {
    return last;
  }

  @Override
  public Retries retries() {
    return retries;
  }

  /** From here on, a replayed row is at work. */
  void beginReplay() {
    replaying = true;
    replayError = null;
  }

  /** What the replayed row failed with, or null; from here on, rows are ordinary ones. */
  @Nullable LastError endReplay() {
    replaying = false;
    return replayError;
  }

  @Override
  public void failed(EventBatch batch, int row, RecordException error) {
    failed(batch, row, error, 1);
  }

  @Override
  public void failed(EventBatch batch, int row, RecordException error, int attempts) {
    ledger.failed(1);
    Diagnostic finding = error.diagnostics().get(0);
    note(finding.code(), finding.message());
    if (replaying || policy.action() == ErrorPolicy.Action.SKIP) {
      return;
    }
    if (policy.action() == ErrorPolicy.Action.FAIL) {
      throw new RecordException(
          finding.code(),
          finding.message() + "; operator '" + operatorId + "', row " + inWords(batch, row),
          error);
    }
    RawRecords raw = batch.rawRecords();
    DeadLetter.Row kept = LetterRows.row(batch, row);
    keep(
        control.origin().origin(),
        raw == null ? DeadLetter.Content.ofRow(kept) : new DeadLetter.Content(raw.bytes(row), kept),
        finding.code(),
        finding.message(),
        attempts);
  }

  /** The records that a source could not decode. */
  void failed(List<BadRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    ledger.failed(records.size());
    BadRecord newest = records.get(records.size() - 1);
    note(newest.code(), newest.message() + " (" + newest.coordinates() + ")");
    if (replaying) {
      return;
    }
    for (BadRecord bad : records) {
      switch (policy.action()) {
        case SKIP -> {}
        case DEAD_LETTER ->
            keep(
                control.origin().exactly(bad.coordinates()),
                DeadLetter.Content.ofBytes(bad.bytes()),
                bad.code(),
                bad.message(),
                1);
        case FAIL ->
            throw new FluxCoreException(
                ErrorCategory.USER,
                Diagnostic.error(
                    bad.code(),
                    Place.of("source '" + operatorId + "', " + bad.coordinates()),
                    bad.message(),
                    "mend the record, or set the source's error policy to skip or dead_letter"));
      }
    }
  }

  private void note(String code, String message) {
    LastError error = new LastError(operatorId, code, message, job.clock().instant());
    last = error;
    if (replaying) {
      replayError = error;
    }
  }

  private void keep(
      DeadLetter.Origin origin,
      DeadLetter.Content content,
      String code,
      String message,
      int attempts) {
    job.deadLetters()
        .add(
            DeadLetter.of(
                job.jobId(),
                job.jobName(),
                operatorId,
                origin,
                content,
                new DeadLetter.Failure(code, message, attempts, job.clock().instant()),
                rereads ? control.origin().checkpoint() : DeadLetter.FOR_GOOD));
  }

  private static String inWords(EventBatch batch, int row) {
    String words = new EventCursor().moveTo(batch, row).copy().toString();
    return words.length() <= MAX_ROW_CHARACTERS
        ? words
        : words.substring(0, MAX_ROW_CHARACTERS) + "…";
  }
}
