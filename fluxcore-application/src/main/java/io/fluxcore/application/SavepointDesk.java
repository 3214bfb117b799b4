package io.fluxcore.application;

import io.fluxcore.application.checkpoint.CheckpointEntry;
import io.fluxcore.application.checkpoint.SavepointId;
import io.fluxcore.application.operation.Operation;
import io.fluxcore.domain.job.JobConfig;
import io.fluxcore.domain.job.JobId;
import io.fluxcore.domain.topology.StreamTopology;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Savepoints: made of running jobs, looked at, restored at another parallelism, on another backend
 * and in another topology, brought from one server to another, deleted. Thread-safe.
 *
 * <p>Methods that take a {@link SavepointId} throw a {@link
 * io.fluxcore.domain.error.FluxCoreException} of category {@code NOT_FOUND} when there is no such
 * savepoint, and of category {@code EXTERNAL} when it is damaged or the store does not answer.
 */
public interface SavepointDesk {
  /**
   * Begins to make a savepoint of a running job.
   *
   * @param label what it is to be called; empty for nothing, at most 200 characters
   * @param stop whether the job is to be over with it, its windows open; it goes on if the
   *     savepoint fails
   * @return the operation, whose result is the {@code savepointId}
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if the
   *     job does not run
   */
  Operation create(JobId job, String label, boolean stop);

  /** All savepoints, oldest first. */
  List<CheckpointEntry> list();

  /** The checkpoints and savepoints that a job may go on from, oldest first. */
  List<CheckpointEntry> checkpoints(JobId job);

  /** What a savepoint holds: operators, sizes, numbers of keys, positions of sources. */
  SavepointContents describe(SavepointId savepoint);

  /** What would become of the state if a job of this topology began with a savepoint. */
  StateMapping compare(SavepointId savepoint, StreamTopology topology, JobConfig config);

  /**
   * The same with the topology that the savepoint's job had, which this server must know.
   *
   * @param parallelism of the new job; 0: as the old one
   */
  StateMapping compare(SavepointId savepoint, int parallelism);

  /**
   * Submits a new job that begins with a savepoint, of which it makes a copy of its own. Nothing is
   * started before it is known that the state fits.
   *
   * @return its id
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if state
   *     does not fit, or would be lost and {@link JobConfig#allowNonRestoredState} is not set, or
   *     the name is taken by a job that is not over
   */
  JobId restore(SavepointId savepoint, StreamTopology topology, JobConfig config);

  /**
   * The same with the topology that the savepoint's job had, which this server must know.
   *
   * @param parallelism of the new job; 0: as the old one
   */
  JobId restore(SavepointId savepoint, int parallelism);

  /**
   * Deletes a savepoint.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code STATE_CONFLICT} if a job
   *     that is not over would go on from it after a failure
   */
  void delete(SavepointId savepoint);

  /** Number of bytes that {@link #export} writes. */
  long exportedBytes(SavepointId savepoint);

  /** Writes a savepoint as one file; does not close the stream. */
  void export(SavepointId savepoint, OutputStream target);

  /**
   * Takes in a file that {@link #export} wrote, here or elsewhere; does not close the stream.
   *
   * @return the savepoint, under a new id
   * @throws io.fluxcore.domain.error.FluxCoreException of category {@code USER} if the file is
   *     none, or damaged, or of a later version
   */
  CheckpointEntry bring(InputStream file);
}
