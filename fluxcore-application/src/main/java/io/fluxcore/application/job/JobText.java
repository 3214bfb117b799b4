package io.fluxcore.application.job;

import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.StreamTopology;

/** Port: jobs as text, to be kept and read again by this version and later ones. Thread-safe. */
public interface JobText {
  String write(JobConfig config);

  /**
   * Reads what {@link #write(JobConfig)} wrote.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if it is none
   */
  JobConfig readConfig(String text);

  /**
   * Writes a topology.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER with everything that cannot
   *     be written, code above all
   */
  String write(StreamTopology topology);

  /**
   * Reads what {@link #write(StreamTopology)} wrote.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if it is none, or names
   *     what is not there, such as a connector
   */
  StreamTopology readTopology(String text);
}
