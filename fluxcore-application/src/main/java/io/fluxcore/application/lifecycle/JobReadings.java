package io.fluxcore.application.lifecycle;

import io.fluxcore.application.JobDetail;
import io.fluxcore.application.diagnosis.JobReading;
import io.fluxcore.application.planner.PlanPrinter;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.RunningJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What a job that this server has looks like at a moment. The run is asked without the lock. */
final class JobReadings {
  private static final long QUERY_SECONDS = 10;

  private final JobLife life;

  JobReadings(JobLife life) {
    this.life = life;
  }

  JobMetrics metrics() {
    return life.<Counted>read((job, version, handle, before) -> new Counted(handle, before)).sum();
  }

  /** A run that counts, and what those before it have counted. */
  private record Counted(@Nullable RunningJob handle, JobMetrics before) {
    JobMetrics sum() {
      return handle == null ? before : handle.metrics().after(before);
    }
  }

  JobDetail detail() {
    JobMetrics metrics = metrics();
    return life.read(
        (job, version, handle, before) ->
            JobDetail.of(job, metrics, PlanPrinter.print(version.plan())));
  }

  JobReading reading() {
    RunningJob source = life.handle();
    JobMetrics metrics = metrics();
    JobProgress progress = source == null ? JobProgress.NONE : source.progress();
    return life.read(
        (job, version, handle, before) -> version.reading(job, metrics, progress, life.now()));
  }

  /** Asks the run at hand, and waits. */
  LiveState queryState(String operator, List<?> key) {
    RunningJob target = life.handle();
    if (target == null) {
      return new LiveState(operator, Collections.nCopies(key.size(), null), true, List.of());
    }
    try {
      return target.queryState(operator, key).get(QUERY_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unanswered(operator, "the question was interrupted");
    } catch (TimeoutException e) {
      throw unanswered(operator, "it has not answered for " + QUERY_SECONDS + " s");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FluxCoreException known) {
        throw new FluxCoreException(known.category(), known.diagnostics(), known);
      }
      throw new IllegalStateException("state of '" + operator + "' cannot be read", e.getCause());
    }
  }

  private static FluxCoreException unanswered(String operator, String message) {
    return new FluxCoreException(
        ErrorCategory.RESOURCE,
        Diagnostic.error(
            "FLX-QUERY-0004",
            Place.of("operator '" + operator + "'"),
            message,
            "it may be blocked by back-pressure: look at its metrics, and ask again"));
  }
}
