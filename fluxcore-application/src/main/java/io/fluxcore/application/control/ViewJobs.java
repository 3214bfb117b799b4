package io.fluxcore.application.control;

import io.fluxcore.application.planner.PlannedTopology;
import io.fluxcore.application.sql.SqlJobSettings;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.view.MaterializedView;
import io.fluxcore.application.view.MaterializedViews;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.RestartStrategy;
import io.fluxcore.domain.topology.ConnectorSpec;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The jobs that keep materialised views. A view's job is found by its name. Thread-safe. */
final class ViewJobs {
  private static final String PREFIX = "view-";

  /** Between checkpoints, unless a setting says otherwise. */
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

  private static final RestartStrategy RESTARTS =
      RestartStrategy.exponentialBackoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final MaterializedViews views;
  private final JobControl jobs;

  ViewJobs(MaterializedViews views, JobControl jobs) {
    this.views = views;
    this.jobs = jobs;
  }

  /** What keeps a view. */
  static StreamTopology topology(SqlOutcome.MaterializedView view) {
    SinkConfig.Builder sink =
        SinkConfig.connector(MaterializedViews.CONNECTOR)
            .with(MaterializedViews.NAME_OPTION, view.name());
    if (!view.key().isEmpty()) {
      sink.with(MaterializedViews.KEY_OPTION, view.key());
    }
    return view.topology().withSink(sinkName(view), sink.build(), view.output());
  }

  private static String sinkName(SqlOutcome.MaterializedView view) {
    String name = "view";
    while (isNode(view.topology(), name)) {
      name += "-";
    }
    return name;
  }

  private static boolean isNode(StreamTopology topology, String name) {
    return topology.nodes().stream().anyMatch(node -> node.name().equals(name));
  }

  /** How its job is run: until it is dropped. */
  static JobConfig config(SqlOutcome.MaterializedView view) {
    JobConfig config = SqlJobSettings.jobConfig(view.settings(), PREFIX + view.name());
    JobConfig.Builder job = config.toBuilder().name(PREFIX + view.name()).restartStrategy(RESTARTS);
    return config.checkpointInterval() == null
        ? job.checkpointInterval(CHECKPOINT_INTERVAL).build()
        : job.build();
  }

  /** What reads a view. */
  static ConnectorSpec source(String name) {
    return new ConnectorSpec(
        MaterializedViews.CONNECTOR, Map.of(MaterializedViews.NAME_OPTION, name));
  }

  /** The job of a view, unless it is over. */
  private Optional<JobId> job(String name) {
    return jobs.findJob(PREFIX + name).filter(jobs::isUnderWay);
  }

  boolean exists(String name) {
    return job(name).isPresent();
  }

  /** Has a view be there, without rows, before its job runs. */
  void announce(SqlOutcome.MaterializedView view, PlannedTopology planned) {
    views.announce(Objects.requireNonNull(planned.plan().sinks().get(sinkName(view))));
  }

  void forget(String name) {
    views.forget(name);
  }

  /** Ends a view; gives whether there was one. */
  boolean drop(String name) {
    Optional<JobId> job = job(name);
    job.ifPresent(jobs::cancelJob);
    views.forget(name);
    return job.isPresent();
  }

  /**
   * The view of a name.
   *
   * @throws FluxCoreException of category NOT_FOUND if there is none here
   */
  MaterializedView get(String name) {
    return views.get(name);
  }

  List<MaterializedView> all() {
    return views.all();
  }

  /** For a person. */
  List<List<String>> listing() {
    return views.all().stream()
        .map(
            view ->
                List.of(
                    view.name(),
                    String.join(", ", view.key()),
                    String.valueOf(view.snapshot().size())))
        .toList();
  }
}
