package io.fluxcore.application.lifecycle;

import io.fluxcore.application.diagnosis.JobReading;
import io.fluxcore.application.graph.GraphBuilder;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.results.ResultTaps;
import io.fluxcore.application.runtime.JobMetrics;
import io.fluxcore.application.runtime.JobProgress;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a job is to do: how it is configured, what was declared, and what the planner made of it.
 */
public record JobVersion(JobConfig config, StreamTopology topology, ExecutionPlan plan) {
  /** The name of the version. */
  public String name() {
    return config.version();
  }

  /** The topology as it runs. */
  public JobGraph graph() {
    return GraphBuilder.graph(topology, plan);
  }

  /** Has a job's rows be read at the nodes of this version. */
  void declare(ResultTaps taps) {
    taps.declare(
        plan.outputs(),
        topology.nodes().stream()
            .filter(node -> node.config() instanceof SinkConfig)
            .map(TopologyNode::name)
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Whether the topology has a node of this name. */
  public boolean has(String node) {
    return topology.nodes().stream().anyMatch(n -> n.name().equals(node));
  }

  /** What a diagnosis looks at of a job in this version. */
  public JobReading reading(Job job, JobMetrics metrics, JobProgress progress, Instant now) {
    return new JobReading(
        job.id(),
        job.status(),
        now,
        job.history(),
        job.failure(),
        plan,
        graph(),
        metrics,
        progress);
  }

  /** The nodes that are known to have state, and that another version does not have. */
  List<String> stateGoneIn(JobVersion other) {
    return topology.nodes().stream()
        .filter(n -> hasState(n.config()))
        .map(TopologyNode::name)
        .filter(name -> !other.has(name))
        .toList();
  }

  private static boolean hasState(NodeConfig config) {
    return config instanceof SourceConfig
        || config instanceof AggregateConfig
        || config instanceof OperatorConfig;
  }
}
