package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.application.job.JobText;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.util.Map;

/**
 * Jobs as job files, so that what is kept of them can be read by people, and by every later version
 * that reads the files of today. Thread-safe.
 */
public final class JobFileText implements JobText {
  /** A topology is kept without its job; a file is not whole without one. */
  private static final JobConfig ANY = JobConfig.builder().name("kept").build();

  private static final String NAME = "the job store";

  private final JobFileReader reader;
  private final JobFileWriter writer = new JobFileWriter();

  /** Text that the reader's connectors may stand in. */
  public JobFileText(JobFileReader reader) {
    this.reader = reader;
  }

  @Override
  public String write(JobConfig config) {
    return writer.yaml(config);
  }

  @Override
  public JobConfig readConfig(String text) {
    return JobFileReader.config(NAME, text);
  }

  @Override
  public String write(StreamTopology topology) {
    return writer.yaml(topology, ANY);
  }

  @Override
  public StreamTopology readTopology(String text) {
    return reader.parse(NAME, text, Map.of()).topology();
  }
}
