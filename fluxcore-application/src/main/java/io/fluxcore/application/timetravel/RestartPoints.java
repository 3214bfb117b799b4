package io.fluxcore.application.timetravel;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.StoredSnapshot;
import io.fluxcore.application.connector.SplitState;
import io.fluxcore.application.connector.TimeBounds;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.planner.ExecutionPlan.PlannedSource;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.job.Job;
import io.fluxcore.domain.job.JobEvent;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.time.SourceWatermarks;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From where a job can be brought to a time: the newest of its checkpoints and savepoints that
 * holds nothing of that time or later, or else its beginning. Only those of its version count, and
 * only those since it was last started without its state.
 */
public final class RestartPoints {
  private static final int TOLD = 5;

  private final CheckpointStorage storage;

  public RestartPoints(CheckpointStorage storage) {
    this.storage = storage;
  }

  /**
   * From where.
   *
   * @param from in a few words
   * @param stored the snapshot as it lies in the store; null for the beginning
   * @param state what a run starts with; of the beginning, positions of sources only
   */
  public record Point(String from, @Nullable StoredSnapshot stored, JobSnapshot state) {
    /** The same with what its sources are to give limited to what is earlier than a time. */
    JobSnapshot until(long millis, JobVersion version) {
      Map<String, OperatorSnapshot> operators = new LinkedHashMap<>(state.operators());
      for (PlannedSource source : SourcePositions.sources(version.plan())) {
        operators.compute(source.operatorId(), (id, snapshot) -> bounded(id, snapshot, millis));
      }
      return new JobSnapshot(state.checkpointId(), state.maxParallelism(), operators);
    }

    private static OperatorSnapshot bounded(
        String id, @Nullable OperatorSnapshot snapshot, long untilMillis) {
      OperatorSnapshot.Builder builder = OperatorSnapshot.builder(id);
      TimeBounds bounds = TimeBounds.NONE;
      if (snapshot != null) {
        snapshot
            .keyed()
            .forEach((name, groups) -> groups.forEach((g, bytes) -> builder.keyed(name, g, bytes)));
        snapshot.natives().forEach(builder::nativeState);
        for (Map.Entry<String, List<byte[]>> entry : snapshot.entries().entrySet()) {
          if (entry.getKey().equals(TimeBounds.ENTRY)) {
            bounds = TimeBounds.parse(entry.getValue().get(0));
          } else {
            entry.getValue().forEach(bytes -> builder.entry(entry.getKey(), bytes));
          }
        }
      }
      return builder.entry(TimeBounds.ENTRY, bounds.until(untilMillis).toBytes()).build();
    }
  }

  /**
   * The nearest one.
   *
   * @param time in event time
   * @throws FluxCoreException of category {@code STATE_CONFLICT} if there is none, with what there
   *     is; or if sources cannot be replayed at all
   */
  public Point nearest(Job job, JobVersion version, Instant time) {
    SourcePositions positions = new SourcePositions(version.plan());
    positions.requireReplayable();
    positions.requireEventTime();
    Origin origin = Origin.of(job, version);
    List<String> unsuited = new ArrayList<>();
    List<CheckpointEntry> all = storage.registry().restartPoints(job.id());
    for (int i = all.size() - 1; i >= 0; i--) {
      CheckpointEntry entry = all.get(i);
      Point point = suited(origin, version, entry, time.toEpochMilli(), unsuited);
      if (point != null) {
        return point;
      }
    }
    if (!origin.otherThanNothing().isEmpty()) {
      throw nothing(time, unsuited, origin.otherThanNothing());
    }
    try {
      Map<String, OperatorSnapshot> operators = new LinkedHashMap<>();
      positions
          .earliest(TimeBounds.NONE)
          .forEach(snapshot -> operators.put(snapshot.operatorId(), snapshot));
      return new Point(
          "the job's beginning",
          null,
          new JobSnapshot(0, version.config().maxParallelism(), operators));
    } catch (FluxCoreException e) {
      throw nothing(time, unsuited, e.diagnostics().get(0).message());
    }
  }

  private @Nullable Point suited(
      Origin origin,
      JobVersion version,
      CheckpointEntry entry,
      long millis,
      List<String> unsuited) {
    String name =
        entry.isSavepoint()
            ? "savepoint " + entry.savepoint()
            : "checkpoint " + entry.checkpointId();
    try {
      if (!entry.jobVersion().equals(version.name())) {
        unsuited.add(name + " is of version " + entry.jobVersion());
        return null;
      }
      if (origin.since() != null && entry.completed().isBefore(origin.since())) {
        unsuited.add(name + " is from before the job was started without its state");
        return null;
      }
      StoredSnapshot stored = StoredSnapshot.open(storage.store(), entry.location());
      JobSnapshot snapshot = stored.snapshot();
      String obstacle = obstacle(snapshot, version, millis);
      if (!obstacle.isEmpty()) {
        unsuited.add(name + " " + obstacle);
        return null;
      }
      return new Point(name, stored, snapshot);
    } catch (IOException e) {
      unsuited.add(name + " cannot be read: " + e.getMessage());
      return null;
    }
  }

  /** Why state is none that came before a time; empty if it is. */
  private static String obstacle(JobSnapshot snapshot, JobVersion version, long millis) {
    long furthest = EventBatch.NO_TIMESTAMP;
    for (PlannedSource source : SourcePositions.sources(version.plan())) {
      OperatorSnapshot own = snapshot.operators().get(source.operatorId());
      if (own == null) {
        return "knows nothing of source '" + source.operatorId() + "'";
      }
      List<SplitState> splits =
          own.entries(SplitState.ENTRY).stream().map(SplitState::parse).toList();
      if (!splits.isEmpty() && splits.stream().allMatch(SplitState::ended)) {
        return "was made when source '" + source.operatorId() + "' had ended";
      }
      for (SplitState split : splits) {
        byte[] watermark = split.watermark();
        if (watermark != null) {
          furthest = Math.max(furthest, SourceWatermarks.furthest(watermark));
        } else if (split.ended() || split.position() != null) {
          return "does not tell how far split '" + split.id() + "' was in event time";
        }
      }
    }
    return furthest < millis ? "" : "holds events up to " + Instant.ofEpochMilli(furthest);
  }

  /**
   * Where the state that a job has now comes from. What was asked for and came to no run does not
   * count: the job went on as it was.
   *
   * @param since when it was last started without the state that it had; null if never
   * @param otherThanNothing what it began with then, if not with nothing; empty if it did
   */
  private record Origin(@Nullable Instant since, String otherThanNothing) {
    static Origin of(Job job, JobVersion version) {
      Origin origin = new Origin(null, "");
      Origin asked = origin;
      for (JobEvent event : job.history()) {
        if (event instanceof JobEvent.RestartRequested request && !request.withState()) {
          asked = new Origin(request.at(), "");
        } else if (event instanceof JobEvent.BeginningWith begin) {
          asked = new Origin(asked.since, "the job began with " + begin.from());
        } else if (event instanceof JobEvent.Upgraded upgraded
            && upgraded.version().equals(version.name())) {
          asked =
              new Origin(
                  asked.since,
                  "version " + version.name() + " began with the state of the one before");
        } else if (event instanceof JobEvent.Started) {
          origin = asked;
        } else if (event instanceof JobEvent.Failed) {
          asked = origin;
        }
      }
      return origin;
    }
  }

  private static FluxCoreException nothing(Instant time, List<String> unsuited, String beginning) {
    List<String> told = new ArrayList<>(unsuited.subList(0, Math.min(TOLD, unsuited.size())));
    if (unsuited.size() > TOLD) {
      told.add((unsuited.size() - TOLD) + " more are as unsuited");
    }
    told.add("its beginning does not serve: " + beginning);
    return FluxCoreException.conflict(
        "FLX-TRAVEL-0002",
        Place.of("time"),
        "there is nothing from which the job could be brought to "
            + time
            + ": "
            + String.join("; ", told),
        "ask for a later time, or keep more checkpoints or savepoints");
  }
}
