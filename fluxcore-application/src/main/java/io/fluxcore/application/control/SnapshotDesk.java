package io.fluxcore.application.control;

import io.fluxcore.application.SavepointContents;
import io.fluxcore.application.SavepointContents.OperatorContents;
import io.fluxcore.application.SavepointContents.SplitContents;
import io.fluxcore.application.SavepointContents.StateContents;
import io.fluxcore.application.SavepointDesk;
import io.fluxcore.application.StateMapping;
import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.CheckpointStorage;
import io.fluxcore.application.checkpoint.SavepointArchive;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.checkpoint.SnapshotManifest.OperatorPart;
import io.fluxcore.application.checkpoint.SnapshotManifest.State;
import io.fluxcore.application.checkpoint.SnapshotRequest;
import io.fluxcore.application.checkpoint.SnapshotUnusable;
import io.fluxcore.application.checkpoint.StoredSnapshot;
import io.fluxcore.application.connector.SplitState;
import io.fluxcore.application.lifecycle.Beginning;
import io.fluxcore.application.lifecycle.JobVersion;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The desk for the savepoints of the jobs of this process. */
public final class SnapshotDesk implements SavepointDesk {
  private static final int MAX_LABEL = 200;

  private final CheckpointStorage storage;
  private final JobControl jobs;
  private final StoredSavepoints savepoints;
  private final Supplier<SavepointId> ids;

  /**
   * A desk.
   *
   * @param storage the one that the jobs use
   * @param ids a new, different id each time
   */
  public SnapshotDesk(CheckpointStorage storage, JobControl jobs, Supplier<SavepointId> ids) {
    this.storage = storage;
    this.jobs = jobs;
    this.savepoints = new StoredSavepoints(storage);
    this.ids = ids;
  }

  @Override
  public Operation create(JobId job, String label, boolean stop) {
    if (label.length() > MAX_LABEL) {
      throw FluxCoreException.user(
          "FLX-CKPT-0004",
          Place.of("label"),
          "the label has " + label.length() + " characters",
          "a label has at most " + MAX_LABEL);
    }
    return jobs.savepoint(job, SnapshotRequest.savepoint(ids.get(), label, stop));
  }

  @Override
  public List<CheckpointEntry> list() {
    return storage.registry().savepoints();
  }

  @Override
  public List<CheckpointEntry> checkpoints(JobId job) {
    JobId known = jobs.getJob(job).id();
    return storage.registry().restartPoints(known);
  }

  @Override
  public SavepointContents describe(SavepointId savepoint) {
    CheckpointEntry entry = savepoints.find(savepoint);
    StoredSnapshot stored = savepoints.open(entry);
    JobSnapshot snapshot = StoredSavepoints.snapshot(entry, stored);
    List<OperatorContents> operators = new ArrayList<>();
    for (OperatorPart part : stored.manifest().operators()) {
      List<StateContents> states = part.states().stream().map(SnapshotDesk::state).toList();
      List<SplitContents> splits = new ArrayList<>();
      var operator = snapshot.operators().get(part.operatorId());
      long bytes = 0;
      if (operator != null) {
        bytes = operator.bytes();
        for (byte[] split : operator.entries(SplitState.ENTRY)) {
          splits.add(split(SplitState.parse(split)));
        }
      }
      operators.add(new OperatorContents(part.operatorId(), bytes, states, splits));
    }
    return new SavepointContents(entry, stored.manifest().maxParallelism(), operators);
  }

  private static StateContents state(State state) {
    long keys = state.groups().stream().mapToLong(group -> group.entries()).sum();
    long bytes = state.groups().stream().mapToLong(group -> group.piece().length()).sum();
    var schema = state.schema();
    return new StateContents(
        state.name(), schema == null ? List.of() : schema.keyTypes(), keys, bytes);
  }

  private static SplitContents split(SplitState split) {
    var position = split.position();
    return new SplitContents(split.id(), position == null ? "" : position.text(), split.ended());
  }

  @Override
  public StateMapping compare(SavepointId savepoint, StreamTopology topology, JobConfig config) {
    CheckpointEntry entry = savepoints.find(savepoint);
    StoredSnapshot stored = savepoints.open(entry);
    return StateComparison.of(
        stored.manifest(),
        StoredSavepoints.snapshot(entry, stored),
        jobs.version(topology, config));
  }

  @Override
  public JobId restore(SavepointId savepoint, StreamTopology topology, JobConfig config) {
    JobVersion version = jobs.version(topology, config);
    StoredSnapshot stored = savepoints.openFor(savepoint, version);
    return jobs.submitFrom(
        version, Beginning.copyOf("savepoint " + savepoint, stored, operator -> true));
  }

  @Override
  public StateMapping compare(SavepointId savepoint, int parallelism) {
    JobVersion old = jobs.versionOf(savepoints.find(savepoint).job());
    return compare(savepoint, old.topology(), config(old, parallelism));
  }

  @Override
  public JobId restore(SavepointId savepoint, int parallelism) {
    JobVersion old = jobs.versionOf(savepoints.find(savepoint).job());
    return restore(savepoint, old.topology(), config(old, parallelism));
  }

  private static JobConfig config(JobVersion old, int parallelism) {
    return parallelism == 0 ? old.config() : JobCommands.rescaled(old.config(), parallelism);
  }

  @Override
  public void delete(SavepointId savepoint) {
    CheckpointEntry entry = savepoints.find(savepoint);
    Optional<CheckpointEntry> latest = storage.registry().latest(entry.job());
    if (latest.isPresent() && latest.get().equals(entry) && jobs.isUnderWay(entry.job())) {
      throw FluxCoreException.conflict(
          "FLX-CKPT-0009",
          Place.of("savepoint"),
          "job " + entry.job() + " would go on from savepoint " + savepoint + " after a failure",
          "wait for the job's next checkpoint, or end the job");
    }
    storage.registry().removeSavepoint(savepoint);
    try {
      storage.store().delete(entry.location());
    } catch (IOException e) {
      throw StoredSavepoints.unusable(entry, e);
    }
  }

  @Override
  public long exportedBytes(SavepointId savepoint) {
    return SavepointArchive.bytes(savepoints.open(savepoints.find(savepoint)));
  }

  @Override
  public void export(SavepointId savepoint, OutputStream target) {
    CheckpointEntry entry = savepoints.find(savepoint);
    try {
      StoredSnapshot stored = savepoints.open(entry);
      SavepointArchive.export(stored, target);
    } catch (IOException e) {
      throw StoredSavepoints.unusable(entry, e);
    }
  }

  @Override
  public CheckpointEntry bring(InputStream file) {
    try {
      return SavepointArchive.bring(file, storage, ids.get());
    } catch (SnapshotUnusable e) {
      throw new FluxCoreException(
          ErrorCategory.USER,
          List.of(
              Diagnostic.error(
                  "FLX-CKPT-0010",
                  Place.of("file"),
                  "it cannot be taken in: " + e.getMessage(),
                  "export the savepoint again, with this version or an earlier one")),
          e);
    } catch (IOException e) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  "FLX-CKPT-0011",
                  Place.of("file"),
                  "it cannot be taken in: " + e.getMessage(),
                  "look after the checkpoint store (" + storage.store().description() + ")")),
          e);
    }
  }
}
