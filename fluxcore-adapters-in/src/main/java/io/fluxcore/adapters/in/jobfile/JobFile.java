package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.util.List;
import java.util.function.UnaryOperator;

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
    return new JobFile(name, config.toBuilder().parallelism(parallelism).build(), topology, places);
  }

  /** The same job with the configuration of each node made into another of its kind. */
  public JobFile mapConfigs(UnaryOperator<NodeConfig> change) {
    StreamTopology.Builder builder = StreamTopology.builder();
    for (TopologyNode node : topology.nodes()) {
      String name = node.name();
      String[] inputs = node.inputs().stream().map(PortRef::toString).toArray(String[]::new);
      NodeConfig changed = change.apply(node.config());
      if (changed instanceof SourceConfig source) {
        builder.source(name, source);
      } else if (changed instanceof TransformConfig transform) {
        builder.transform(name, transform, inputs);
      } else if (changed instanceof WindowConfig window) {
        builder.window(name, window, inputs);
      } else if (changed instanceof AggregateConfig aggregate) {
        builder.aggregate(name, aggregate, inputs);
      } else if (changed instanceof OperatorConfig operator) {
        builder.transform(name, operator, inputs);
      } else {
        builder.sink(name, (SinkConfig) changed, inputs);
      }
    }
    return new JobFile(this.name, config, builder.build(), places);
  }

  /** The same finding with the line and column of what it names in this file. */
  public Diagnostic locate(Diagnostic finding) {
    return places.locate(finding);
  }

  /** The same error with the line and column of what each finding names in this file. */
  public FluxCoreException locate(FluxCoreException error) {
    List<Diagnostic> located = error.diagnostics().stream().map(places::locate).toList();
    return new FluxCoreException(error.category(), located, error);
  }
}
