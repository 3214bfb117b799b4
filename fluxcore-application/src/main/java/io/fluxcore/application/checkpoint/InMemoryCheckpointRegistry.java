package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.job.JobId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps the list as long as the process lives: the reference for what a registry does. */
public final class InMemoryCheckpointRegistry implements CheckpointRegistry {
  private final Map<JobId, Long> tokens = new HashMap<>();
  private final Map<CheckpointLocation, CheckpointEntry> registered = new LinkedHashMap<>();
  private final Map<CheckpointLocation, CheckpointEntry> imported = new LinkedHashMap<>();

  @Override
  public synchronized FencingToken claim(JobId job) {
    return new FencingToken(tokens.merge(job, 1L, Long::sum));
  }

  @Override
  public synchronized boolean isCurrent(JobId job, FencingToken token) {
    return tokens.getOrDefault(job, 0L) == token.value();
  }

  private void requireCurrent(JobId job, FencingToken token) {
    if (!isCurrent(job, token)) {
      throw CheckpointRegistry.staleOwner(job, token);
    }
  }

  @Override
  public synchronized void register(CheckpointEntry entry, FencingToken owner) {
    requireCurrent(entry.job(), owner);
    requireNew(entry);
    for (CheckpointEntry other : restartPoints(entry.job())) {
      if (other.checkpointId() >= entry.checkpointId()) {
        throw new IllegalArgumentException(
            "checkpoint " + entry.checkpointId() + " comes after " + other.checkpointId());
      }
    }
    registered.put(entry.location(), entry);
  }

  private void requireNew(CheckpointEntry entry) {
    boolean taken = registered.containsKey(entry.location());
    if (taken || (entry.savepoint() != null && savepoint(entry.savepoint()).isPresent())) {
      throw new IllegalArgumentException(entry.location() + " is listed already");
    }
  }

  @Override
  public synchronized void importSavepoint(CheckpointEntry savepoint) {
    if (!savepoint.isSavepoint()) {
      throw new IllegalArgumentException(savepoint.location() + " is no savepoint");
    }
    requireNew(savepoint);
    imported.put(savepoint.location(), savepoint);
  }

  @Override
  public synchronized List<CheckpointEntry> restartPoints(JobId job) {
    return registered.values().stream()
        .filter(entry -> entry.job().equals(job))
        .sorted(Comparator.comparingLong(CheckpointEntry::checkpointId))
        .toList();
  }

  @Override
  public synchronized List<CheckpointEntry> savepoints() {
    return java.util.stream.Stream.concat(
            registered.values().stream().filter(CheckpointEntry::isSavepoint),
            imported.values().stream())
        .sorted(Comparator.comparing(CheckpointEntry::completed))
        .toList();
  }

  @Override
  public synchronized Optional<CheckpointEntry> savepoint(SavepointId id) {
    return savepoints().stream().filter(entry -> id.equals(entry.savepoint())).findFirst();
  }

  @Override
  public synchronized void remove(CheckpointLocation location, FencingToken owner) {
    requireCurrent(location.job(), owner);
    CheckpointEntry entry = registered.get(location);
    if (entry != null && entry.isSavepoint()) {
      throw new IllegalArgumentException(location + " is a savepoint");
    }
    registered.remove(location);
  }

  @Override
  public synchronized boolean removeSavepoint(SavepointId id) {
    Optional<CheckpointEntry> found = savepoint(id);
    found.ifPresent(
        entry -> {
          registered.remove(entry.location());
          imported.remove(entry.location());
        });
    return found.isPresent();
  }
}
