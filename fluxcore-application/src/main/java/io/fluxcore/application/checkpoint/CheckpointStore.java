package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.job.JobId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Port: keeps the bytes of checkpoints and savepoints: parts, which belong to one of them, files
 * that several of one job share, and a manifest, with which it is complete. It knows nothing of
 * what the bytes mean. Thread-safe.
 *
 * <p>A checkpoint is there from the moment in which its manifest is, and the manifest is written
 * last, atomically, when everything else is durable; until then nobody sees anything of it. After a
 * crash, at any moment, a checkpoint is either whole or not there. What a checkpoint that never
 * became complete has left takes up space only: {@link #sweep}.
 *
 * <p>Errors are {@link IOException}s whose messages name the file or object and the cause, since
 * users read them as the reason for which a checkpoint failed.
 */
public interface CheckpointStore {
  /** Where the store is, as a message may say it: a directory, a bucket. */
  String description();

  /**
   * What tells this store from all others: those who get the same see the same bytes, wherever they
   * are. May write a mark into the store, where there is none.
   */
  default String identity() throws IOException {
    return description();
  }

  /** Whether checkpoints outlive this process. */
  boolean isDurable();

  /** Whether other servers see the same store, so that they can take jobs over. */
  boolean isShared();

  /**
   * Begins to write a checkpoint.
   *
   * @throws IOException also if there is one at this location
   */
  CheckpointWriter begin(CheckpointLocation location) throws IOException;

  /**
   * A complete checkpoint.
   *
   * @throws FileNotFoundException if there is none at this location
   */
  StoredCheckpoint open(CheckpointLocation location) throws IOException;

  /** The complete checkpoints and savepoints of a job, in no order. */
  List<CheckpointLocation> list(JobId job) throws IOException;

  /**
   * Deletes a checkpoint: at first its manifest, then its parts, and those shared files that no
   * other complete checkpoint of the job, and none that this process is writing, refers to. A file
   * that the deleted checkpoint did not refer to is never touched, so that an owner who has lost
   * the job cannot harm the new one. Without effect if there is none.
   */
  void delete(CheckpointLocation location) throws IOException;

  /**
   * Deletes what is in the way of a job that is taken over: every checkpoint, complete or not,
   * whose name is not kept, and all shared files that no kept one refers to. Only the owner calls
   * this, while it writes none.
   *
   * @param keep by name; those that are not complete go all the same, unless their name is kept
   */
  void sweep(JobId job, Predicate<String> keep) throws IOException;
}
