package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.runtime.DeadLetter;
import io.fluxcore.application.runtime.DeadLetters;
import io.fluxcore.application.runtime.JobProgress.LastError;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventCursor;
import io.fluxcore.domain.event.RawRecords;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.RecordFailures;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operator's error policy at work: counts every bad row, then fails, skips or keeps it. */
public final class PolicyFailures implements RecordFailures {
  private static final int MAX_ROW_CHARACTERS = 1_000;

  private final JobId jobId;
  private final String operatorId;
  private final ErrorPolicy policy;
  private final Ledger ledger;
  private final DeadLetters deadLetters;
  private final InstantSource clock;
  private volatile @Nullable LastError last;

  public PolicyFailures(
      JobId jobId,
      String operatorId,
      ErrorPolicy policy,
      Ledger ledger,
      DeadLetters deadLetters,
      InstantSource clock) {
    this.jobId = jobId;
    this.operatorId = operatorId;
    this.policy = policy;
    this.ledger = ledger;
    this.deadLetters = deadLetters;
    this.clock = clock;
  }

  /** The last row or record that failed, or null. Any thread. */
  public @Nullable LastError last() {
    return last;
  }

  @Override
  public void failed(EventBatch batch, int row, RecordException error) {
    ledger.failed(1);
    Diagnostic finding = error.diagnostics().get(0);
    last = new LastError(operatorId, finding.code(), finding.message(), clock.instant());
    if (policy == ErrorPolicy.SKIP) {
      return;
    }
    String words = inWords(batch, row);
    if (policy == ErrorPolicy.FAIL) {
      throw new RecordException(
          finding.code(),
          finding.message() + "; operator '" + operatorId + "', row " + words,
          error);
    }
    RawRecords raw = batch.rawRecords();
    byte[] bytes = raw == null ? null : raw.bytes(row);
    keep(bytes, bytes == null ? words : null, "", finding.code(), finding.message());
  }

  /** The records that a source could not decode. */
  void failed(List<BadRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    ledger.failed(records.size());
    BadRecord newest = records.get(records.size() - 1);
    last =
        new LastError(
            operatorId,
            newest.code(),
            newest.message() + " (" + newest.coordinates() + ")",
            clock.instant());
    for (BadRecord bad : records) {
      switch (policy) {
        case SKIP -> {}
        case DEAD_LETTER -> keep(bad.bytes(), null, bad.coordinates(), bad.code(), bad.message());
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

  private void keep(
      byte @Nullable [] bytes,
      @Nullable String row,
      String coordinates,
      String code,
      String message) {
    Instant now = clock.instant();
    deadLetters.add(
        new DeadLetter(jobId, operatorId, bytes, row, coordinates, code, message, 1, now));
  }

  private static String inWords(EventBatch batch, int row) {
    String words = new EventCursor().moveTo(batch, row).copy().toString();
    return words.length() <= MAX_ROW_CHARACTERS
        ? words
        : words.substring(0, MAX_ROW_CHARACTERS) + "…";
  }
}
