package io.fluxcore.application.control;

import io.fluxcore.application.job.JobText;
import io.fluxcore.application.job.StoredJob;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.planner.Planner;
import io.fluxcore.application.runtime.JobRuntime;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What jobs are to do: planned from what users submit, or from what was written down. Thread-safe.
 */
final class JobVersions {
  private final Planner planner;
  private final JobRuntime runtime;
  private final JobText text;

  /** The code of bound jobs that this process was given, for when it may have them. */
  private final Map<JobId, JobVersion> code = new ConcurrentHashMap<>();

  JobVersions(JobServices services) {
    this.planner = services.planner();
    this.runtime = services.runtime();
    this.text = services.text();
  }

  /** What would be run. */
  JobVersion of(StreamTopology topology, JobConfig submitted) {
    JobConfig config = runtime.complete(submitted);
    return new JobVersion(config, topology, planner.plan(topology, config));
  }

  /** The same with another configuration that the runtime has completed. */
  JobVersion with(JobVersion version, JobConfig config) {
    return new JobVersion(config, version.topology(), planner.plan(version.topology(), config));
  }

  /** What a job is to do: from its text, or from the code that this process was given; or null. */
  @Nullable JobVersion of(StoredJob stored) {
    String written = stored.topology().text();
    if (written == null) {
      return code.get(stored.id());
    }
    StreamTopology topology = text.readTopology(written);
    return new JobVersion(stored.config(), topology, planner.plan(topology, stored.config()));
  }

  /** Keeps the code of a job for when this server may have it. */
  void keepCode(JobId id, JobVersion version) {
    if (!version.topology().isPortable()) {
      code.put(id, version);
    }
  }

  boolean hasCode(JobId id) {
    return code.containsKey(id);
  }

  /** That a job cannot be planned here. */
  static FluxCoreException codeMissing(StoredJob job) {
    return FluxCoreException.conflict(
        "FLX-JOB-0020",
        Place.of("job"),
        "the code of job '"
            + job.config().name()
            + "' is not here: "
            + String.join(", ", job.topology().bound()),
        "submit the job again from its application");
  }
}
