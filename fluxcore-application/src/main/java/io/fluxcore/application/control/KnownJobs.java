package io.fluxcore.application.control;

import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.JobStore;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobId;
import java.util.List;
import java.util.Optional;

/** All jobs that the store knows, whichever server has them. */
final class KnownJobs {
  private final JobStore store;

  KnownJobs(JobStore store) {
    this.store = store;
  }

  /** All jobs, oldest first. */
  List<JobEntry> entries() {
    return store.entries();
  }

  /**
   * A job as it was written down.
   *
   * @throws FluxCoreException of category NOT_FOUND if there is none
   */
  StoredJob stored(JobId jobId) {
    return store.find(jobId).orElseThrow(() -> notFound(jobId));
  }

  /** A job with what its history makes of it. */
  Job job(JobId jobId) {
    return stored(jobId).replay();
  }

  /** Whether a job is known and not over. */
  boolean isUnderWay(JobId jobId) {
    return store.find(jobId).map(job -> !job.replay().status().isTerminal()).orElse(false);
  }

  /** The job of this name that is not over. */
  Optional<JobEntry> underWay(String name) {
    return store.entries().stream()
        .filter(entry -> entry.name().equals(name) && !entry.status().isTerminal())
        .findFirst();
  }

  /** The job of this name that is not over, or else the one that was submitted last. */
  Optional<JobId> latest(String name) {
    JobId found = null;
    for (JobEntry entry : store.entries()) {
      if (entry.name().equals(name)) {
        found = entry.id();
        if (!entry.status().isTerminal()) {
          break;
        }
      }
    }
    return Optional.ofNullable(found);
  }

  private static FluxCoreException notFound(JobId jobId) {
    return new FluxCoreException(
        ErrorCategory.NOT_FOUND,
        Diagnostic.error(
            "FLX-JOB-0003", Place.of("jobId"), "there is no job " + jobId, "list the jobs"));
  }

  /** That this server does not run a job, and who does. */
  FluxCoreException notHere(JobId jobId) {
    Job job = job(jobId);
    String server =
        store.entries().stream()
            .filter(entry -> entry.id().equals(jobId) && entry.server() != null)
            .map(entry -> ", but by server " + entry.server())
            .findFirst()
            .orElse("");
    return FluxCoreException.conflict(
        "FLX-JOB-0006",
        Place.of("job"),
        "job " + job + " is not run by this server" + server,
        server.isEmpty()
            ? "resume it if it is suspended, submit it if it waits for its code, or cancel it"
            : "ask that server");
  }
}
