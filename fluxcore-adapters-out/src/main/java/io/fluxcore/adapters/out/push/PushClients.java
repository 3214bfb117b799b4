package io.fluxcore.adapters.out.push;

/** The clients of a sink, and what listens for them. */
public interface PushClients {
  /**
   * Rows that clients missed, because they were too slow or away for too long, of all of them
   * together. Any thread may ask, also after the end.
   */
  long missed();

  /** Lets clients have what there is, in patience, and ends. A second call does nothing. */
  void end();
}
