package io.fluxcore.application;

import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobId;

/** The port to whoever passes alerts of jobs on: by mail, to a pager, to a log. */
@FunctionalInterface
public interface AlertListener {
  /** An alert, which is in the job's history already. Any thread; returns soon. */
  void raised(JobId jobId, String jobName, JobEvent.AlertRaised alert);
}
