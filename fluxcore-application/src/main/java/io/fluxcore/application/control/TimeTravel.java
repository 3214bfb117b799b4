package io.fluxcore.application.control;

import io.fluxcore.application.ReplayRequest;
import io.fluxcore.application.StateView;
import io.fluxcore.application.StateViewId;
import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.job.JobEntry;
import io.fluxcore.application.lifecycle.Beginning;
import io.fluxcore.application.lifecycle.Changeover;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.lifecycle.ManagedJob;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.application.operation.OperationError;
import io.fluxcore.application.operation.OperationStatus;
import io.fluxcore.application.operation.OperationType;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.application.runtime.LiveState;
import io.fluxcore.application.runtime.QueriedKey;
import io.fluxcore.application.timetravel.PastRun;
import io.fluxcore.application.timetravel.RestartPoints;
import io.fluxcore.application.timetravel.SnapshotView;
import io.fluxcore.application.timetravel.SourcePositions;
import io.fluxcore.application.timetravel.StateViews;
import io.fluxcore.application.timetravel.TimeTravelSettings;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.job.JobStatus;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Goes back in the past of jobs: replays them, and shows the state that they had. */
final class TimeTravel {
  private static final String DISCARD = "discard";
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** Somebody who waits for a view waits longer than it is made. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final JobServices services;
  private final TimeTravelSettings settings;
  private final KnownJobs known;
  private final OwnJobs own;
  private final JobVersions versions;
  private final Submission submission;
  private final JobViews jobs;
  private final Operations operations;
  private final StoredSavepoints savepoints;
  private final RestartPoints points;
  private final StateViews views;
  private final AtomicInteger runs = new AtomicInteger();

  TimeTravel(
      JobServices services,
      KnownJobs known,
      OwnJobs own,
      JobVersions versions,
      Submission submission,
      JobViews jobs) {
    this.services = services;
    this.settings = services.timeTravel();
    this.known = known;
    this.own = own;
    this.versions = versions;
    this.submission = submission;
    this.jobs = jobs;
    this.operations = services.operations();
    this.savepoints = new StoredSavepoints(services.checkpoints());
    this.points = new RestartPoints(services.checkpoints());
    this.views = new StateViews(services.time(), settings.maxBytes());
  }

  // --- Replay -----------------------------------------------------------------------------------

  Operation replay(JobId jobId, ReplayRequest request) {
    JobVersion version = jobs.version(jobId);
    if (request.inPlace()) {
      return goBack(jobId, version, request);
    }
    JobVersion next = replaying(version, request);
    Beginning beginning = beginning(jobId, next, request, keeps(version, next));
    return operations.start(
        OperationType.REPLAY,
        jobId,
        steps -> {
          steps.at(10, "submitting job '" + next.config().name() + "'");
          ManagedJob job = submission.submitFrom(next, beginning);
          steps.at(60, "starting from " + beginning.from());
          return job.settled().thenApply(nothing -> started(job));
        });
  }

  private static Map<String, String> started(ManagedJob job) {
    JobFailure failure = job.detail().failure();
    if (job.status() == JobStatus.FAILED) {
      throw FluxCoreException.conflict(
          "FLX-TRAVEL-0014",
          Place.of("job"),
          "job '"
              + job.config().name()
              + "' has failed"
              + (failure == null ? "" : ": " + failure.message()),
          "look at the cause; the job that it replays was not touched");
    }
    return Map.of("jobId", job.id().value(), "jobName", job.config().name());
  }

  private Operation goBack(JobId jobId, JobVersion version, ReplayRequest request) {
    if (request.name() != null || !request.sinks().isEmpty()) {
      throw FluxCoreException.user(
          "FLX-TRAVEL-0012",
          Place.of("inPlace"),
          "a job that goes back itself keeps its name and its sinks",
          "replay by a new job, or leave name and sinks out");
    }
    ManagedJob job = own.running(jobId);
    Beginning beginning = beginning(jobId, version, request, operator -> true);
    return operations.start(
        OperationType.REPLAY,
        jobId,
        steps ->
            job.changeOver(Changeover.goBack(version, beginning, steps))
                .thenApply(
                    nothing -> Map.of("jobId", jobId.value(), "jobName", job.config().name())));
  }

  /** What a job that replays another is to do. */
  private JobVersion replaying(JobVersion version, ReplayRequest request) {
    Set<String> unknown = new HashSet<>(request.sinks().keySet());
    StreamTopology topology =
        version
            .topology()
            .withSinks(
                (name, declared) -> {
                  unknown.remove(name);
                  SinkConfig other = request.sinks().get(name);
                  return other != null
                      ? other
                      : request.declaredSinks() ? declared : SinkConfig.connector(DISCARD).build();
                });
    if (!unknown.isEmpty()) {
      throw FluxCoreException.user(
          "FLX-TRAVEL-0011",
          Place.of("sinks"),
          "the job has no sink '" + unknown.iterator().next() + "'",
          "name sinks of its topology");
    }
    String wanted = request.name();
    JobConfig config =
        version.config().toBuilder()
            .name(wanted == null ? freeName(version.config().name()) : wanted)
            .build();
    return versions.of(topology, config);
  }

  private String freeName(String name) {
    Set<String> taken = new HashSet<>();
    for (JobEntry entry : known.entries()) {
      taken.add(entry.name());
    }
    int number = 1;
    while (taken.contains(name + "-replay-" + number)) {
      number++;
    }
    return name + "-replay-" + number;
  }

  /** Other sinks cannot go on with what the declared ones have left in a snapshot. */
  private static Predicate<String> keeps(JobVersion version, JobVersion next) {
    Set<String> replaced = new HashSet<>();
    for (int i = 0; i < version.topology().nodes().size(); i++) {
      TopologyNode node = version.topology().nodes().get(i);
      if (!node.equals(next.topology().nodes().get(i))) {
        replaced.add(node.name());
      }
    }
    return operator -> !replaced.contains(JobGraph.nodeOf(operator));
  }

  private Beginning beginning(
      JobId jobId, JobVersion version, ReplayRequest request, Predicate<String> keep) {
    ReplayRequest.Start start = request.start();
    String from = start.describe();
    SourcePositions positions = new SourcePositions(version.plan());
    if (start instanceof ReplayRequest.Savepoint savepoint) {
      return Beginning.copyOf(from, savepoints.openFor(savepoint.id(), version), keep);
    } else if (start instanceof ReplayRequest.Timestamp timestamp) {
      requirePlausible(timestamp.time());
      if (!timestamp.withState()) {
        return Beginning.with(from, positions.at(timestamp.time()));
      }
      RestartPoints.Point point = points.nearest(known.job(jobId), version, timestamp.time());
      String both = from + ", " + point.from();
      return point.stored() == null
          ? Beginning.with(both, List.copyOf(point.state().operators().values()))
          : Beginning.copyOf(both, point.stored(), keep);
    } else if (start instanceof ReplayRequest.Offsets offsets) {
      return Beginning.with(from, positions.at(offsets.offsets()));
    }
    throw new IllegalArgumentException("unknown start " + start);
  }

  private static void requirePlausible(Instant time) {
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw FluxCoreException.user(
          "FLX-TRAVEL-0013",
          Place.of("time"),
          "no event has the time " + time,
          "give a time such as 2026-03-01T12:00:00Z");
    }
  }

  // --- State as it was --------------------------------------------------------------------------

  /** Begins to make a view, or finds it. */
  Operation view(JobId jobId, Instant time) {
    requirePlausible(time);
    JobVersion version = jobs.version(jobId);
    Instant asOf = Instant.ofEpochMilli(time.toEpochMilli());
    Optional<StateView> there = views.find(jobId, asOf);
    if (there.isPresent()) {
      Map<String, String> result = result(there.get());
      return operations.start(
          OperationType.STATE_AS_OF, jobId, steps -> CompletableFuture.completedFuture(result));
    }
    takeTurn();
    try {
      RestartPoints.Point from = points.nearest(known.job(jobId), version, asOf);
      return operations.start(
          OperationType.STATE_AS_OF, jobId, steps -> bring(jobId, version, from, asOf, steps));
    } catch (RuntimeException e) {
      runs.decrementAndGet();
      throw e;
    }
  }

  private void takeTurn() {
    if (runs.incrementAndGet() > settings.maxRuns()) {
      runs.decrementAndGet();
      throw new FluxCoreException(
          ErrorCategory.RESOURCE,
          Diagnostic.error(
              "FLX-TRAVEL-0009",
              Place.of("job"),
              settings.maxRuns() + " jobs are being brought to a time already",
              "wait for the end of one, or cancel it"));
    }
  }

  private CompletableFuture<Map<String, String>> bring(
      JobId jobId,
      JobVersion version,
      RestartPoints.Point from,
      Instant asOf,
      Operations.Steps steps) {
    steps.at(5, "starting from " + from.from());
    PastRun run =
        PastRun.start(
            services.runtime(),
            version,
            services.ids().get(),
            from,
            asOf,
            settings.maxBytes(),
            services.time());
    steps.onCancel(run::cancel);
    steps.at(10, "replaying from " + from.from() + " to " + asOf);
    CompletableFuture<Void> unused =
        run.outcome()
            .copy()
            .orTimeout(settings.maxDuration().toMillis(), TimeUnit.MILLISECONDS)
            .handle(
                (state, failure) -> {
                  if (failure instanceof TimeoutException) {
                    run.giveUp(settings.maxDuration());
                  }
                  return null;
                });
    return run.outcome()
        .whenComplete((state, failure) -> runs.decrementAndGet())
        .thenApply(state -> keep(jobId, version, from, asOf, state));
  }

  private Map<String, String> keep(
      JobId jobId, JobVersion version, RestartPoints.Point from, Instant asOf, JobSnapshot state) {
    StateViewId id =
        new StateViewId("view_" + services.ids().get().value().substring("job_".length()));
    StateView view = new SnapshotView(id, jobId, asOf, from.from(), version.plan(), state);
    views.add(view);
    return result(view);
  }

  private static Map<String, String> result(StateView view) {
    return Map.of("viewId", view.id().value(), "from", view.from());
  }

  StateView get(StateViewId id) {
    return views.get(id);
  }

  void drop(StateViewId id) {
    views.remove(id);
  }

  /** Makes a view if there is none, waits for it, and asks it. */
  LiveState state(JobId jobId, Instant time, String operator, @Nullable Object... key)
      throws InterruptedException {
    JobVersion version = jobs.version(jobId);
    QueriedKey.columns(
        operator,
        QueriedKey.types(operator, QueriedKey.operator(version.plan(), operator).factory().get()),
        Arrays.asList(key));
    Operation begun = view(jobId, time);
    Operation done = operations.await(begun.id(), settings.maxDuration().plus(GRACE));
    OperationError error = done.error();
    if (error != null) {
      throw error.toException();
    }
    String id = done.result().get("viewId");
    if (done.status() != OperationStatus.SUCCEEDED || id == null) {
      throw FluxCoreException.conflict(
          "FLX-TRAVEL-0015",
          Place.of("job"),
          "the view of the state at " + time + " is " + done.status(),
          "ask again");
    }
    return get(new StateViewId(id)).state(operator, key);
  }
}
