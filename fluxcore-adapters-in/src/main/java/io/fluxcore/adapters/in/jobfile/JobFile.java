package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.List;

/**
 * A job file that was read. Immutable.
 *
 * @param name of the file, for messages
 * @param config how the job is run
 * @param topology what it does
 * @param places where everything stands
 */
public record JobFile(
    String name, JobConfig config, StreamTopology topology, JobFilePlaces places) {

  /** The same job with so many subtasks. */
  public JobFile withParallelism(int parallelism) {
    return new JobFile(
        name,
        new JobConfig(
            config.name(),
            config.version(),
            parallelism,
            config.maxParallelism(),
            config.checkpoints(),
            config.restartStrategy(),
            config.errors(),
            config.batchRows(),
            config.linger(),
            config.watermarkInterval(),
            config.stateBackend()),
        topology,
        places);
  }

  /** The same job with another topology of the same nodes. */
  public JobFile withTopology(StreamTopology other) {
    return new JobFile(name, config, other, places);
  }

  /**
   * The same error with the line and column of each finding in this file, as far as they name
   * something that stands there.
   */
  public FluxCoreException locate(FluxCoreException error) {
    List<Diagnostic> located = error.diagnostics().stream().map(places::locate).toList();
    return new FluxCoreException(error.category(), located, error);
  }
}
