package io.fluxcore.infrastructure.embedded;

import io.fluxcore.application.runtime.JobListener;
import io.fluxcore.domain.job.ErrorBreaker;
import io.fluxcore.domain.job.ErrorRate;
import io.fluxcore.domain.operator.Ledger;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.infrastructure.embedded.task.SourceTask;
import io.fluxcore.infrastructure.embedded.task.Task;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a job's {@link ErrorBreaker}, if it has one, and tells once an attempt when too much
 * fails. Used by the job's thread, but for {@link #opened}.
 */
final class BreakerWatch {
  private final @Nullable ErrorBreaker breaker;
  private final InstantSource clock;
  private final MetricsReader metrics;
  private final JobListener listener;

  /** What the tasks of the attempt had counted when they were restored, before any row. */
  private final AtomicLong rowsBefore = new AtomicLong();

  private final AtomicLong failedBefore = new AtomicLong();
  private @Nullable ErrorRate rate;
  private boolean begun;

  BreakerWatch(JobSetting setting, MetricsReader metrics, JobListener listener) {
    this.breaker = setting.config().errorBreaker();
    this.clock = setting.clock();
    this.metrics = metrics;
    this.listener = listener;
  }

  /** An attempt begins. */
  void begin() {
    rate = breaker == null ? null : new ErrorRate(breaker);
    begun = false;
    rowsBefore.set(0);
    failedBefore.set(0);
  }

  /** A task is open, with the counts that it was restored with. Any thread. */
  void opened(Task task) {
    if (task instanceof SourceTask source) {
      Ledger.Counts counts = source.ledger().counts();
      rowsBefore.addAndGet(counts.rowsIn());
      failedBefore.addAndGet(counts.failed());
    }
    for (OperatorContext context : task.operators().contexts()) {
      failedBefore.addAndGet(context.ledger().counts().failed());
    }
  }

  /** Whether it looks at the counts still. */
  boolean isWatching() {
    return rate != null;
  }

  /** Looks at what the tasks have counted, which all are open. */
  void look() {
    ErrorRate current = rate;
    if (current == null) {
      return;
    }
    MetricsReader.Totals totals = metrics.totals();
    if (!begun) {
      begun = true;
      current.observe(clock.millis(), rowsBefore.get(), failedBefore.get());
    }
    Optional<String> reason = current.observe(clock.millis(), totals.rowsRead(), totals.failed());
    if (reason.isPresent()) {
      rate = null;
      listener.breakerTripped(reason.get());
    }
  }
}
