package io.fluxcore.application.connector;

import io.fluxcore.domain.operator.RecordFailures;
import java.util.List;

/**
 * A sink whose rows become visible together with the checkpoint that they belong to: never before
 * it counts, and once. Thread-safe. The kit {@code TwoPhaseSinkContract} holds an implementation to
 * what follows.
 *
 * <p>The two phases, in the order in which a host calls:
 *
 * <ol>
 *   <li>Before the writers of an attempt are made, {@link #settle} is called once with the handles
 *       that the snapshot holds from which the attempt starts; with none where it starts anew. It
 *       shuts out all earlier owners of the job, commits these handles and takes back what else
 *       waits for a commit of this job and sink, so that crash after crash leaves no more behind
 *       than one.
 *   <li>{@link SinkWriter#prepareCommit} at a barrier, on the thread of a writer: the rows since
 *       the last barrier are whole and durable outside, or in the handle itself, but not visible.
 *       They stay so for as long as nobody commits or takes them back: over the end of the writer,
 *       of the connection and of the process.
 *   <li>The handles are a part of the snapshot. When all of it is written, the checkpoint is
 *       registered under the owner's fencing token, which whoever has lost the job cannot do.
 *   <li>{@link #commit} after that, with the handles of all writers. If it fails, the attempt does,
 *       and the next one begins with the snapshot and commits again.
 *   <li>After the last attempt, when the writers have ended, {@code settle} is called once more
 *       with the handles of the last snapshot, so that a job leaves nothing behind. A process that
 *       is killed cannot do so; what it leaves waits for the next owner of the job.
 * </ol>
 *
 * <p>What follows from it:
 *
 * <ul>
 *   <li><b>Again.</b> Handles are committed once or more, by this or another process, and the
 *       second time has no effect. That holds for as long as a snapshot with the handle may be
 *       restored.
 *   <li><b>Given up checkpoints.</b> A handle whose checkpoint was given up is no waste: the writer
 *       goes on, and the next snapshot holds it too. Only when an attempt fails do its rows come
 *       again, and {@code settle} takes back what no snapshot knows.
 *   <li><b>Another parallelism.</b> Handles belong to the sink, not to a writer: those of three
 *       writers are committed before a single new one is made.
 *   <li><b>Stop with a savepoint, suspend, orderly end.</b> The last snapshot is registered and
 *       committed as any other; nothing waits afterwards.
 *   <li><b>An older savepoint.</b> Its handles have been committed long ago and have no effect. The
 *       rows that were committed after it stay visible, and come again: a sink of keys (upsert)
 *       ends right, one that appends has them twice. Nobody but the user can decide to take them
 *       out.
 *   <li><b>Another job from a savepoint.</b> The handles are those of the job that made it, and
 *       name it: they are committed unless that has happened, without shutting out that job, which
 *       may go on beside.
 *   <li><b>A stale owner</b>, paused and woken after another has taken the job over. It cannot
 *       register, so what it prepares from then on is never committed. What it had registered the
 *       next owner commits too, or, where it went back to an older snapshot, has taken back in
 *       {@code settle}; then a commit of the stale owner finds nothing, or is refused with {@link
 *       io.fluxcore.application.checkpoint.CheckpointRegistry#STALE_OWNER}. Its writers must not
 *       touch what the writers of its successor prepare: names outside contain the owner's token.
 * </ul>
 */
public interface TwoPhaseSink extends Sink {
  /** What becomes of rows that wait for a commit and that the snapshot at hand does not know. */
  enum Unknown {
    /** No snapshot knows them: they are taken back. */
    TAKE_BACK,
    /**
     * A later snapshot that cannot be read, or of which it is not known whether it was registered,
     * may know them: they stay as they are.
     */
    KEEP
  }

  /** A writer for one subtask. */
  SinkWriter createWriter(WriterContext context);

  /** A writer whose rows are visible when they are flushed. */
  @Override
  default SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
    return createWriter(WriterContext.alone(operatorId, subtask, parallelism));
  }

  /**
   * Shuts out earlier owners, makes visible what a snapshot holds, and takes back what else the job
   * has prepared through this sink, by this owner and earlier ones. No writer of the owner is open.
   *
   * @param owner who has the job now
   * @param registered the handles of the snapshot; they may be another job's
   * @param unknown what becomes of the rest
   * @param failures told of rows that the outside does not accept at the commit
   * @throws TransientSinkException if the outside does not answer now
   * @throws io.fluxcore.domain.error.FluxCoreException if the outside is not as the sink needs it;
   *     with {@link io.fluxcore.application.checkpoint.CheckpointRegistry#STALE_OWNER} if a later
   *     owner has been here
   */
  void settle(
      SinkOwner owner, List<CommitHandle> registered, Unknown unknown, RecordFailures failures);

  /**
   * Makes what was prepared visible: all of it or, if it throws, any part that a second call does
   * not repeat.
   *
   * @param owner who has the job now
   * @param handles of a registered snapshot, of all writers that have any
   * @param failures told of rows that the outside does not accept; the others become visible
   * @throws TransientSinkException if the outside does not answer now
   * @throws io.fluxcore.domain.error.FluxCoreException if it fails; with {@link
   *     io.fluxcore.application.checkpoint.CheckpointRegistry#STALE_OWNER} if a later owner has
   *     been here
   */
  void commit(SinkOwner owner, List<CommitHandle> handles, RecordFailures failures);
}
