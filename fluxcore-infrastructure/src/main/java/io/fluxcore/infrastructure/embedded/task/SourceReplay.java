package io.fluxcore.infrastructure.embedded.task;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.deadletter.DeadLetter;
import io.fluxcore.application.runtime.JobProgress.LastError;
import io.fluxcore.application.runtime.ReplayOutcome;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.BatchTap;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.time.TimestampAssigner;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives dead letters to a source once more, as if it had read them now. Of the task's thread. */
final class SourceReplay {
  private final Ledger ledger;
  private final PolicyFailures failures;
  private final TimestampAssigner timestamps;
  private final BatchTap emitted;
  private final Origin origin;

  SourceReplay(
      Ledger ledger,
      PolicyFailures failures,
      TimestampAssigner timestamps,
      BatchTap emitted,
      Origin origin) {
    this.ledger = ledger;
    this.failures = failures;
    this.timestamps = timestamps;
    this.emitted = emitted;
    this.origin = origin;
  }

  /** A row that the source gave once keeps its time. */
  EventBatch timed(EventBatch batch, DeadLetter.Content content, long nowMillis) {
    DeadLetter.Row row = content.row();
    if (row == null) {
      return timestamps.assign(batch, nowMillis, failures.of(batch));
    }
    long[] times = new long[batch.rowCount()];
    Arrays.fill(times, row.timestamp());
    return batch.withTimestamps(times);
  }

  /** A record of which the source makes no row. */
  ReplayOutcome undecodable(Injection injection, List<BadRecord> bad) {
    ledger.in(1, 0);
    failures.beginReplay();
    failures.failed(
        bad.isEmpty()
            ? List.of(
                new BadRecord(
                    new byte[0],
                    injection.letter().origin().position(),
                    "FLX-DEADLETTER-0006",
                    "the record gives no row"))
            : bad.subList(0, 1));
    return outcome(injection, failures.endReplay());
  }

  /** The rest of the way of a row that its source gives. */
  ReplayOutcome emit(
      Injection injection, EventBatch read, long nowMillis, Consumer<EventBatch> downstream) {
    ledger.in(read.size(), read.estimatedBytes());
    failures.beginReplay();
    EventBatch batch;
    LastError error;
    try {
      batch = timestamps.assign(read, nowMillis, failures.of(read));
    } finally {
      error = failures.endReplay();
    }
    if (!batch.isEmpty()) {
      ledger.out(batch.size(), batch.estimatedBytes());
      emitted.see(batch);
      origin.at("", null, null);
      downstream.accept(batch);
    }
    return outcome(injection, error);
  }

  private ReplayOutcome outcome(Injection injection, @Nullable LastError error) {
    return error == null
        ? ReplayOutcome.processed(injection.letter(), origin.checkpoint())
        : ReplayOutcome.failed(injection.letter(), error.code(), error.message());
  }
}
