package io.fluxcore.application.checkpoint;

import io.fluxcore.application.checkpoint.SnapshotManifest.SharedFile;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.state.FrozenOperator;
import io.fluxcore.domain.state.JobSnapshot;
import io.fluxcore.domain.state.OperatorSnapshot;
import io.fluxcore.domain.state.SnapshotFormat;
import io.fluxcore.domain.state.StoreUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * The checkpoints of one job, as its owner makes, restores and clears them away. Thread-safe; calls
 * may take as long as the store and the registry do.
 */
public final class JobCheckpoints {
  private static final System.Logger LOG = System.getLogger(JobCheckpoints.class.getName());

  private final JobId job;
  private final CheckpointStore store;
  private final CheckpointRegistry registry;
  private final InstantSource time;
  private final FencingToken token;
  private final AtomicLong ids;

  /** Raised before a snapshot is registered, since a failure may come after the fact. */
  private final AtomicLong registered;

  /** The shared files of the newest snapshot that this owner knows to be whole. */
  private volatile Map<String, SharedFile> known = Map.of();

  /** A snapshot that can be restored, and its entry. */
  public record Restorable(CheckpointEntry entry, JobSnapshot snapshot) {}

  private JobCheckpoints(JobId job, CheckpointStorage storage, FencingToken token, long lastId) {
    this.job = job;
    this.store = storage.store();
    this.registry = storage.registry();
    this.time = storage.time();
    this.token = token;
    this.ids = new AtomicLong(lastId);
    this.registered = new AtomicLong(lastId);
  }

  static JobCheckpoints own(JobId job, CheckpointStorage storage) {
    FencingToken token = storage.registry().claim(job);
    List<CheckpointEntry> registered = storage.registry().restartPoints(job);
    Set<String> keep = new HashSet<>();
    registered.forEach(entry -> keep.add(entry.location().name()));
    try {
      // Savepoints may be written by others than the job's owner: brought from elsewhere.
      storage
          .store()
          .sweep(job, name -> keep.contains(name) || name.startsWith(SavepointId.PREFIX));
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "what earlier owners of job " + job + " left cannot be cleared away: " + e);
    }
    long last = registered.stream().mapToLong(CheckpointEntry::checkpointId).max().orElse(0);
    return new JobCheckpoints(job, storage, token, last);
  }

  public JobId job() {
    return job;
  }

  public FencingToken token() {
    return token;
  }

  /** An id above all that this owner knows of. */
  public long nextId() {
    return ids.incrementAndGet();
  }

  /** The highest id that this owner knows of or has given; 0 if there is none. */
  public long lastId() {
    return ids.get();
  }

  /** Whether the job has not been taken over. */
  public boolean isOwner() {
    return registry.isCurrent(job, token);
  }

  /**
   * Refuses to go on when the job was taken over.
   *
   * @throws FluxCoreException with {@link CheckpointRegistry#STALE_OWNER}
   */
  public void requireOwner() {
    if (!isOwner()) {
      throw CheckpointRegistry.staleOwner(job, token);
    }
  }

  /** Begins a snapshot; touches nothing yet. */
  public SnapshotWriter begin(SnapshotRequest request, long checkpointId) {
    SavepointId savepoint = request.savepoint();
    CheckpointLocation location =
        savepoint == null
            ? CheckpointLocation.ofCheckpoint(job, checkpointId, token)
            : CheckpointLocation.ofSavepoint(job, savepoint);
    return new SnapshotWriter(store, location, request, checkpointId, known);
  }

  /**
   * Completes a snapshot whose parts were all written, and registers it.
   *
   * @param config of the job now
   * @param duration since the trigger
   * @throws IOException if the store does not take it
   * @throws FluxCoreException if the registry does not: {@link CheckpointRegistry#STALE_OWNER}
   */
  public Restorable complete(SnapshotWriter writer, JobConfig config, Duration duration)
      throws IOException {
    writer.complete(config, time.instant());
    StoredSnapshot stored = StoredSnapshot.open(store, writer.location());
    JobSnapshot snapshot = stored.snapshot();
    CheckpointEntry entry = entry(stored.manifest(), writer.location(), duration, writer);
    register(entry);
    known = files(stored.manifest());
    return new Restorable(entry, snapshot);
  }

  private void register(CheckpointEntry entry) {
    registered.accumulateAndGet(entry.checkpointId(), Math::max);
    registry.register(entry, token);
  }

  /**
   * The highest checkpoint id that is registered, or of which that is not known for sure because
   * the registry did not answer; 0 if there is none.
   */
  public long lastPossiblyRegistered() {
    return registered.get();
  }

  private static CheckpointEntry entry(
      SnapshotManifest manifest,
      CheckpointLocation location,
      Duration duration,
      SnapshotWriter writer) {
    return new CheckpointEntry(
        location,
        manifest.checkpointId(),
        writer.request().savepoint(),
        manifest.label(),
        manifest.jobName(),
        manifest.jobVersion(),
        manifest.format(),
        manifest.completed(),
        duration,
        manifest.bytes(),
        writer.newBytes());
  }

  private static Map<String, SharedFile> files(SnapshotManifest manifest) {
    Map<String, SharedFile> files = new LinkedHashMap<>();
    manifest.shared().forEach(file -> files.put(file.name(), file));
    return files;
  }

  /**
   * Removes all periodic checkpoints but the newest ones; where checkpoints do not outlive the
   * process, but the newest. What cannot be deleted is left for later.
   */
  public void retain(int newest) {
    try {
      List<CheckpointEntry> periodic =
          registry.restartPoints(job).stream().filter(entry -> !entry.isSavepoint()).toList();
      int kept = store.isDurable() ? newest : 1;
      for (CheckpointEntry old : periodic.subList(0, Math.max(0, periodic.size() - kept))) {
        registry.remove(old.location(), token);
        store.delete(old.location());
      }
    } catch (IOException | FluxCoreException e) {
      LOG.log(System.Logger.Level.WARNING, "old checkpoints of job " + job + " stay: " + e);
    }
  }

  /** Takes a restart point back that no run has come to run from. */
  public void giveUp(long checkpointId) {
    try {
      for (CheckpointEntry entry : registry.restartPoints(job)) {
        if (entry.checkpointId() == checkpointId && !entry.isSavepoint()) {
          registry.remove(entry.location(), token);
          store.delete(entry.location());
        }
      }
    } catch (IOException | FluxCoreException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "checkpoint "
              + checkpointId
              + " of job "
              + job
              + " stays, though no run came of it: "
              + e);
    }
  }

  /**
   * The newest registered snapshot that can be opened.
   *
   * @param skipped is told of newer ones that are damaged or gone, and why
   * @throws FluxCoreException of category STATE_CONFLICT if there are some, and all are damaged or
   *     gone; EXTERNAL if the store does not answer, since a newer one may be whole
   */
  public Optional<Restorable> latest(BiConsumer<CheckpointEntry, String> skipped) {
    return before(Long.MAX_VALUE, skipped);
  }

  /**
   * The newest registered snapshot before one, that can be opened.
   *
   * @param checkpointId of the one that cannot be restored
   * @param skipped is told of newer ones that are damaged or gone, and why
   * @throws FluxCoreException as {@link #latest} says
   */
  public Optional<Restorable> before(
      long checkpointId, BiConsumer<CheckpointEntry, String> skipped) {
    List<CheckpointEntry> all = registry.restartPoints(job);
    String reason = "";
    for (int i = all.size() - 1; i >= 0; i--) {
      CheckpointEntry entry = all.get(i);
      if (entry.checkpointId() < checkpointId) {
        try {
          return Optional.of(open(entry));
        } catch (IOException e) {
          if (StoreUnavailable.isCauseOf(e)) {
            throw unavailable(entry, e);
          }
          reason = String.valueOf(e.getMessage());
          skipped.accept(entry, reason);
        }
      }
    }
    if (!reason.isEmpty()) {
      throw new FluxCoreException(
          ErrorCategory.STATE_CONFLICT,
          Diagnostic.error(
              "FLX-CKPT-0002",
              Place.of("job " + job),
              "none of its checkpoints can be used; of the oldest: " + reason,
              "look after the checkpoint store ("
                  + store.description()
                  + "), or start the job"
                  + " from a savepoint"));
    }
    return Optional.empty();
  }

  private FluxCoreException unavailable(CheckpointEntry entry, IOException reason) {
    Diagnostic diagnostic =
        Diagnostic.error(
            "FLX-CKPT-0013",
            Place.of("job " + job),
            "checkpoint " + entry.checkpointId() + " cannot be read now: " + reason.getMessage(),
            "look after the checkpoint store (" + store.description() + ")");
    return new FluxCoreException(ErrorCategory.EXTERNAL, List.of(diagnostic), reason);
  }

  private Restorable open(CheckpointEntry entry) throws IOException {
    StoredSnapshot stored = StoredSnapshot.open(store, entry.location());
    if (stored.manifest().checkpointId() != entry.checkpointId()) {
      throw new SnapshotUnusable(
          "it is checkpoint " + stored.manifest().checkpointId() + ", not " + entry.checkpointId());
    }
    JobSnapshot snapshot = stored.snapshot();
    known = files(stored.manifest());
    return new Restorable(entry, snapshot);
  }

  /** Makes a whole copy of a snapshot a restart point of this job. */
  public Restorable adopt(StoredSnapshot original, JobConfig config) throws IOException {
    return adopt(original, operator -> true, config);
  }

  /**
   * Makes a copy of a snapshot of any job a restart point of this one, so that it survives whatever
   * happens to the original.
   *
   * @param keep the operators whose state is wanted
   * @param config of this job
   */
  public Restorable adopt(StoredSnapshot original, Predicate<String> keep, JobConfig config)
      throws IOException {
    long started = time.millis();
    long id = nextId();
    CheckpointLocation location = CheckpointLocation.ofCheckpoint(job, id, token);
    SnapshotManifest manifest =
        SnapshotCopy.copy(
            original, keep, store, location, id, "", "", config.name(), config.version());
    CheckpointEntry entry =
        new CheckpointEntry(
            location,
            id,
            null,
            "",
            manifest.jobName(),
            manifest.jobVersion(),
            manifest.format(),
            time.instant(),
            Duration.ofMillis(Math.max(0, time.millis() - started)),
            manifest.bytes(),
            manifest.bytes());
    StoredSnapshot copy = StoredSnapshot.open(store, location);
    copy.verify();
    register(entry);
    known = files(manifest);
    return new Restorable(entry, copy.snapshot());
  }

  /**
   * Makes state that no run has left a restart point of this job, such as positions of its sources.
   *
   * @param operators without keyed state of a backend
   * @param config of this job
   */
  public Restorable seed(List<OperatorSnapshot> operators, JobConfig config) throws IOException {
    SnapshotRequest request = new SnapshotRequest(null, "", SnapshotFormat.CANONICAL, false);
    try (SnapshotWriter writer = begin(request, nextId())) {
      writer.write(operators.stream().map(FrozenOperator::of).toList());
      return complete(writer, config, Duration.ZERO);
    }
  }
}
