package io.fluxcore.domain.join;

/** A table outside that rows are joined with, as a topology configures it. Thread-safe. */
public interface OutsideTable {
  /**
   * Looks, when a job is submitted, whether the outside is as rows can be looked up in it. Changes
   * nothing there. An outside that does not answer is no reason to refuse a job.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if rows could never be
   *     looked up, with all that is wrong; of another one if the outside does not answer now
   */
  default void check() {}
}
