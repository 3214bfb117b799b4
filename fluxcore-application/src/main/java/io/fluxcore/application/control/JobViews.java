package io.fluxcore.application.control;

import io.fluxcore.application.JobDetail;
import io.fluxcore.application.JobSummary;
import io.fluxcore.application.diagnosis.Diagnosis;
import io.fluxcore.application.diagnosis.JobDiagnosis;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.lifecycle.ManagedJob;
import io.fluxcore.application.results.ResultSubscription;
import io.fluxcore.application.results.SubscribeOptions;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What users see of jobs: of one that this server has, as it is now; of others, what was written
 * down.
 */
final class JobViews {
  private final KnownJobs known;
  private final OwnJobs own;
  private final JobVersions versions;
  private final InstantSource time;

  JobViews(KnownJobs known, OwnJobs own, JobVersions versions, InstantSource time) {
    this.known = known;
    this.own = own;
    this.versions = versions;
    this.time = time;
  }

  JobStatus status(JobId jobId) {
    Optional<ManagedJob> job = own.find(jobId);
    return job.isPresent() ? job.get().status() : known.job(jobId).status();
  }

  JobDetail detail(JobId jobId) {
    Optional<ManagedJob> job = own.find(jobId);
    return job.isPresent() ? job.get().detail() : JobDetail.of(known.job(jobId));
  }

  JobMetrics metrics(JobId jobId) {
    Optional<ManagedJob> job = own.find(jobId);
    return job.isPresent() ? job.get().metrics() : JobDetail.of(known.job(jobId)).metrics();
  }

  JobGraph graph(JobId jobId) {
    Optional<ManagedJob> job = own.find(jobId);
    return job.isPresent() ? job.get().graph() : storedVersion(jobId).graph();
  }

  JobDiagnosis diagnosis(JobId jobId) {
    Optional<ManagedJob> job = own.find(jobId);
    return Diagnosis.of(
        job.isPresent()
            ? job.get().reading()
            : storedVersion(jobId)
                .reading(known.job(jobId), JobMetrics.EMPTY, JobProgress.NONE, time.instant()));
  }

  /** What a job that is known here was to do last. */
  JobVersion version(JobId jobId) {
    Optional<ManagedJob> job = own.find(jobId);
    return job.isPresent() ? job.get().version() : storedVersion(jobId);
  }

  /** A job that this server does not have, planned again. */
  private JobVersion storedVersion(JobId jobId) {
    StoredJob job = known.stored(jobId);
    JobVersion version;
    synchronized (own) {
      version = versions.of(job);
    }
    if (version == null) {
      throw JobVersions.codeMissing(job);
    }
    return version;
  }

  List<JobSummary> list() {
    List<JobSummary> result = new ArrayList<>();
    for (JobEntry entry : known.entries()) {
      JobStatus status = own.find(entry.id()).map(ManagedJob::status).orElse(entry.status());
      result.add(
          new JobSummary(entry.id(), entry.name(), entry.version(), status, entry.submitted()));
    }
    return List.copyOf(result);
  }

  LiveState state(JobId jobId, String operator, List<?> key) {
    ManagedJob job = own.get(jobId);
    JobStatus status = job.status();
    if (status.isTerminal()) {
      throw FluxCoreException.conflict(
          "FLX-QUERY-0005",
          Place.of("job"),
          "job " + jobId + " is " + status + ", so it has no live state",
          "read what its sinks have written, or submit the job again");
    }
    return job.queryState(operator, key);
  }

  ResultSubscription results(JobId jobId, SubscribeOptions options) {
    ManagedJob job = own.get(jobId);
    JobStatus status = job.status();
    if (status.isTerminal()) {
      throw FluxCoreException.conflict(
          "FLX-JOB-0013",
          Place.of("job"),
          "job " + jobId + " is " + status + ", so its rows cannot be read any more",
          "read what its sinks have written, or submit the job again");
    }
    return job.subscribe(options);
  }
}
