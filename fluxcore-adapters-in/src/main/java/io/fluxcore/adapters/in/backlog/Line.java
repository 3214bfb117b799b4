package io.fluxcore.adapters.in.backlog;

/** What events come by: calls that are made, or calls that are taken. */
public interface Line extends AutoCloseable {
  /**
   * Begins.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if that cannot be
   */
  void start();

  /**
   * Returns if events may still come.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException if they never will
   */
  void check();

  /** Ends connections. Events that were received whole are handed over, if there is room. */
  @Override
  void close();
}
