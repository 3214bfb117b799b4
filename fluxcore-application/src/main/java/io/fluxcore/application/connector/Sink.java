package io.fluxcore.application.connector;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.topology.BoundSink;
import org.jspecify.annotations.Nullable;

/**
 * A configured sink, before it is written. Thread-safe.
 *
 * <p>What its writers have flushed is visible. One whose rows become visible by a commit, together
 * with the checkpoint that they belong to, is a {@link TwoPhaseSink}.
 */
public interface Sink extends BoundSink {
  /**
   * A writer for one subtask.
   *
   * @param operatorId name of the sink in the topology
   */
  SinkWriter createWriter(String operatorId, int subtask, int parallelism);

  /**
   * Whether writers may hold a batch after {@link SinkWriter#write} has returned; who does not lets
   * sources use their arrays again.
   */
  default boolean keepsBatches() {
    return true;
  }

  /**
   * What this sink, as configured, can promise at most; null: what its connector says. Never more
   * than that.
   */
  default @Nullable DeliveryGuarantee guarantee() {
    return null;
  }

  /**
   * What this sink, as configured, does with changes: it only adds rows; or writes the rows of an
   * upsert stream by these fields, insertions and updates in place of what is there, deletions, and
   * is never given former rows; or writes changes with their kinds. Null: what its connector says,
   * which is the last where it has {@link ConnectorDescriptor.Capability#CHANGELOG}, else the
   * first.
   */
  default @Nullable Changes takes() {
    return null;
  }

  /**
   * Looks, when a job is submitted, whether the outside is as the sink needs it. Changes nothing
   * there. An outside that does not answer is no reason to refuse a job, which waits for it by its
   * restart strategy.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if rows could never be
   *     written, with all that is wrong; of another one if the outside does not answer now
   */
  default void check() {}

  /**
   * What {@link SinkWriter#prepareCommit} leaves for the commit: self-contained.
   *
   * @param text in the connector's own words
   */
  record CommitHandle(String text) {}
}
