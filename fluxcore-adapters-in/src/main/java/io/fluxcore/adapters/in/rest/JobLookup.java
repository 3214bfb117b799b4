package io.fluxcore.adapters.in.rest;

import io.fluxcore.application.FluxCoreService;
import io.fluxcore.application.JobSummary;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.job.JobId;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/** Finds jobs by what requests call them: an id, or else a name. */
final class JobLookup {
  private static final Pattern ID = Pattern.compile("job_[0-9A-Za-z]{1,64}");

  private final FluxCoreService service;

  JobLookup(FluxCoreService service) {
    this.service = service;
  }

  JobId find(String idOrName) {
    if (ID.matcher(idOrName).matches()) {
      JobId id = new JobId(idOrName);
      if (isKnown(id)) {
        return id;
      }
    }
    Optional<JobId> named = service.findJob(idOrName);
    return named.orElseThrow(() -> notFound(idOrName));
  }

  private boolean isKnown(JobId id) {
    try {
      service.getJobStatus(id);
      return true;
    } catch (FluxCoreException e) {
      if (e.category() == ErrorCategory.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private Refused notFound(String idOrName) {
    Set<String> names = new TreeSet<>();
    for (JobSummary job : service.listJobs()) {
      names.add(job.name());
    }
    String nearest = NearestName.of(idOrName, names);
    return new Refused(
        HttpStatus.NOT_FOUND,
        "FLX-REST-0009",
        "there is no job '" + idOrName + "'",
        nearest == null ? "list the jobs" : "did you mean '" + nearest + "'?");
  }
}
