package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.job.JobId;
import java.util.List;
import java.util.Optional;

/**
 * Port: which checkpoints and savepoints are complete, and who may add to them. A checkpoint counts
 * from the moment in which it is registered: what its sinks have prepared is committed after that,
 * and a restart begins with the newest one registered. Thread-safe, for several servers on one
 * registry too; what a method changed is durable when it returns.
 *
 * <p>Errors: {@link FluxCoreException} with code {@value #STALE_OWNER} and category STATE_CONFLICT
 * if the token is not the job's current one, of category EXTERNAL if the registry cannot be
 * reached.
 */
public interface CheckpointRegistry {
  /** Code of the error for a token that is not the current one. */
  String STALE_OWNER = "FLX-CKPT-0001";

  /**
   * Takes a job over. The token is higher than all that were given for this job before, which are
   * stale from now on. The job need not be known.
   */
  FencingToken claim(JobId job);

  /** Whether the token is the one that was given last for this job. */
  boolean isCurrent(JobId job, FencingToken token);

  /**
   * Adds a complete checkpoint or savepoint of a running job, if in one step with that the token is
   * found to be the job's current one.
   *
   * @throws IllegalArgumentException if its location is listed already, or its checkpoint id is not
   *     above those listed for the job
   */
  void register(CheckpointEntry entry, FencingToken owner);

  /**
   * Adds a savepoint that was brought from elsewhere. Its job need not be known here, and nothing
   * is compared; it is no restart point of its job: see {@link #restartPoints}.
   *
   * @throws IllegalArgumentException if it is no savepoint, or its id is listed already
   */
  void importSavepoint(CheckpointEntry savepoint);

  /**
   * What was registered for a job and not removed, savepoints included, in the order of their
   * checkpoint ids: a restart begins with the last one that is whole. Imported savepoints are not
   * among them.
   */
  List<CheckpointEntry> restartPoints(JobId job);

  /** The last of the {@link #restartPoints}. */
  default Optional<CheckpointEntry> latest(JobId job) {
    List<CheckpointEntry> all = restartPoints(job);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** All savepoints, imported ones included, oldest first. */
  List<CheckpointEntry> savepoints();

  Optional<CheckpointEntry> savepoint(SavepointId id);

  /**
   * Takes a periodic checkpoint off the list, if the token is the job's current one; its bytes are
   * deleted after that. Without effect if it is not listed.
   *
   * @throws IllegalArgumentException if it is a savepoint
   */
  void remove(CheckpointLocation location, FencingToken owner);

  /**
   * Takes a savepoint off the list; its bytes are deleted after that.
   *
   * @return whether it was listed
   */
  boolean removeSavepoint(SavepointId id);

  /** What an owner is told that has lost its job. */
  static FluxCoreException staleOwner(JobId job, FencingToken token) {
    return new FluxCoreException(
        ErrorCategory.STATE_CONFLICT,
        Diagnostic.error(
            STALE_OWNER,
            Place.of("job " + job),
            "it was taken over: fencing token " + token + " is not the current one any more",
            "nothing is to be done: the job goes on where it was taken over"));
  }
}
