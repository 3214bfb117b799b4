package io.fluxcore.application.lifecycle;

import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.operation.Operations;
import io.fluxcore.application.runtime.JobEnd;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.job.JobFailure;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A job's way from one run to the next with its state: to another version, to another parallelism,
 * or to the same again. The next run is on trial until all its subtasks run: only then is it the
 * job's. Guarded by its job.
 */
public final class Changeover {
  /** Counters go along with snapshots, but leaving them behind loses nothing. */
  private static final String COUNTERS = "ledger";

  private final Kind kind;
  private final JobVersion from;
  private final JobVersion to;
  private final @Nullable Beginning back;
  private final Operations.Steps steps;
  private final CompletableFuture<Void> outcome = new CompletableFuture<>();
  private @Nullable JobSnapshot state;
  private @Nullable JobSnapshot adopted;
  private @Nullable JobFailure failure;

  /** What it is for. */
  enum Kind {
    UPGRADE,
    RESCALE,
    RESTART,
    /** A restart that leaves the state behind. */
    RESTART_AFRESH,
    /** A restart from another state. */
    GO_BACK
  }

  private Changeover(
      Kind kind, JobVersion from, JobVersion to, @Nullable Beginning back, Operations.Steps steps) {
    this.kind = kind;
    this.from = from;
    this.to = to;
    this.back = back;
    this.steps = steps;
  }

  /** To another version. */
  public static Changeover upgrade(JobVersion from, JobVersion to) {
    return new Changeover(Kind.UPGRADE, from, to, null, (percent, step) -> {});
  }

  /**
   * To another parallelism.
   *
   * @param steps is told how far it is
   */
  public static Changeover rescale(JobVersion from, JobVersion to, Operations.Steps steps) {
    return new Changeover(Kind.RESCALE, from, to, null, steps);
  }

  /**
   * To another run of the same.
   *
   * @param withState whether that begins with the state of the one before
   * @param steps is told how far it is
   */
  public static Changeover restart(JobVersion version, boolean withState, Operations.Steps steps) {
    return new Changeover(
        withState ? Kind.RESTART : Kind.RESTART_AFRESH, version, version, null, steps);
  }

  /**
   * To another run of the same, that begins elsewhere.
   *
   * @param back what it begins with
   * @param steps is told how far it is
   */
  public static Changeover goBack(JobVersion version, Beginning back, Operations.Steps steps) {
    return new Changeover(Kind.GO_BACK, version, version, back, steps);
  }

  boolean isUpgrade() {
    return kind == Kind.UPGRADE;
  }

  /** What is to run. */
  public JobVersion to() {
    return to;
  }

  /** Whether the next run begins with the state of the one before. */
  boolean takesState() {
    return kind != Kind.RESTART_AFRESH && kind != Kind.GO_BACK;
  }

  /** The next run begins with this, which was made a restart point for it. */
  void adopted(JobSnapshot snapshot) {
    adopted = snapshot;
  }

  /** The restart point that was made for the next run, or null. */
  @Nullable JobSnapshot adopted() {
    return adopted;
  }

  /** What the next run begins with instead of that state; null for nothing of the kind. */
  @Nullable Beginning backTo() {
    return back;
  }

  void step(int percent, String what) {
    steps.at(percent, what);
  }

  /** Completes when the next run runs; exceptionally when it does not, and the job goes back. */
  public CompletableFuture<Void> outcome() {
    return outcome;
  }

  /** Takes the next step when a run is over; a step that breaks breaks the changeover. */
  void after(CompletableFuture<JobEnd> runEnd, Consumer<JobEnd> step) {
    CompletableFuture<Void> unused =
        runEnd
            .thenAccept(step)
            .whenComplete(
                (nothing, broken) -> {
                  if (broken != null) {
                    outcome.completeExceptionally(broken);
                  }
                });
  }

  /** The state that the run before ended with, which the job goes on with. */
  @Nullable JobSnapshot state() {
    return state;
  }

  void state(@Nullable JobSnapshot snapshot) {
    state = snapshot;
  }

  /** Why the next run cannot start; the first reason stays. */
  void failed(JobFailure reason) {
    if (failure == null) {
      failure = reason;
    }
  }

  @Nullable JobFailure failure() {
    return failure;
  }

  // --- What the job's history says of it --------------------------------------------------------

  JobEvent beginning(Instant now) {
    return switch (kind) {
      case UPGRADE -> new JobEvent.Upgrading(now, from.name(), to.name());
      case RESCALE ->
          new JobEvent.Rescaling(now, from.config().parallelism(), to.config().parallelism());
      case RESTART, RESTART_AFRESH, GO_BACK -> new JobEvent.RestartRequested(now, takesState());
    };
  }

  /** With it the job has another configuration; null where it has the same. */
  @Nullable JobEvent change(Instant now) {
    JobConfig config = to.config();
    return switch (kind) {
      case UPGRADE -> new JobEvent.Upgraded(now, config.version(), config.parallelism());
      case RESCALE -> new JobEvent.Rescaled(now, config.parallelism());
      case RESTART, RESTART_AFRESH, GO_BACK -> null;
    };
  }

  JobEvent failing(Instant now, JobFailure reason) {
    return switch (kind) {
      case UPGRADE -> new JobEvent.UpgradeFailed(now, to.name(), reason);
      case RESCALE -> new JobEvent.RescaleFailed(now, to.config().parallelism(), reason);
      case RESTART, RESTART_AFRESH, GO_BACK -> new JobEvent.Failed(now, reason);
    };
  }

  // --- What cannot go well ----------------------------------------------------------------------

  /**
   * Refuses what cannot go well, before the job is touched.
   *
   * @throws FluxCoreException of category STATE_CONFLICT
   */
  void check(String job) {
    checkVersions(job, from.config(), to.config());
    List<String> gone = from.stateGoneIn(to);
    if (!gone.isEmpty() && !to.config().allowNonRestoredState()) {
      throw stateLeftBehind(job, gone);
    }
  }

  /**
   * Refuses another number of key groups.
   *
   * @param job what messages call it
   * @throws FluxCoreException of category STATE_CONFLICT
   */
  public static void checkVersions(String job, JobConfig from, JobConfig to) {
    if (from.maxParallelism() != to.maxParallelism()) {
      throw FluxCoreException.conflict(
          "FLX-JOB-0009",
          Place.of("job"),
          job
              + " has maxParallelism "
              + from.maxParallelism()
              + ", version "
              + to.version()
              + " asks for "
              + to.maxParallelism(),
          "maxParallelism is fixed for the life of a job: use "
              + from.maxParallelism()
              + ", or give the job another name");
    }
  }

  /** Refuses to leave state behind, unless that is allowed. */
  void checkState(String job) {
    JobSnapshot snapshot = state;
    if (snapshot == null || !takesState() || to.config().allowNonRestoredState()) {
      return;
    }
    Set<String> gone = new TreeSet<>();
    snapshot
        .operators()
        .forEach(
            (id, operator) -> {
              String node = JobGraph.nodeOf(id);
              if (hasState(operator) && !to.has(node)) {
                gone.add(node);
              }
            });
    if (!gone.isEmpty()) {
      throw stateLeftBehind(job, List.copyOf(gone));
    }
  }

  private static boolean hasState(OperatorSnapshot operator) {
    return !operator.keyed().isEmpty()
        || operator.entries().keySet().stream().anyMatch(name -> !name.equals(COUNTERS));
  }

  private FluxCoreException stateLeftBehind(String job, List<String> gone) {
    return FluxCoreException.conflict(
        "FLX-JOB-0010",
        Place.of("job"),
        "version " + to.name() + " of " + job + " has no " + gone + ", whose state would be lost",
        "keep the names of these nodes, or set allowNonRestoredState if the state may be lost");
  }

  /** What who asked for it is told. */
  FluxCoreException refused(String job, JobFailure reason, boolean goesOn) {
    return FluxCoreException.conflict(
        "FLX-JOB-0011",
        Place.of("job"),
        target(job)
            + " cannot start"
            + (reason.operatorId().isEmpty() ? "" : " ('" + reason.operatorId() + "')")
            + ": "
            + reason.message(),
        goesOn ? remedy() : "the job is over; submit it again");
  }

  private String target(String job) {
    return switch (kind) {
      case UPGRADE -> "version " + to.name() + " of " + job;
      case RESCALE -> job + " at parallelism " + to.config().parallelism();
      case RESTART, RESTART_AFRESH, GO_BACK -> job;
    };
  }

  private String remedy() {
    return switch (kind) {
      case UPGRADE ->
          "version " + from.name() + " goes on with its state; correct version " + to.name();
      case RESCALE ->
          "the job goes on at parallelism " + from.config().parallelism() + " with its state";
      case RESTART, RESTART_AFRESH, GO_BACK ->
          "the job is started again with its state, as its restart strategy says";
    };
  }

  /** Neither the next run nor the one before can start. */
  FluxCoreException stuck(JobFailure reason, String why) {
    return FluxCoreException.conflict(
        "FLX-JOB-0012",
        Place.of("job"),
        "version "
            + to.name()
            + " cannot start ("
            + reason.message()
            + "), and version "
            + from.name()
            + " cannot go on ("
            + why
            + ")",
        "remove the cause and submit the job again; sources begin where they are configured to");
  }
}
