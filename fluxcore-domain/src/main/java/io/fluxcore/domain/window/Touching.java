package io.fluxcore.domain.window;

/**
 * What becomes of sessions that touch: one begins exactly where the other ends, since two rows are
 * exactly one gap apart. Peers disagree, so it is a choice.
 */
public enum Touching {
  /** They are one session, as in Flink and Kafka Streams. */
  MERGE,

  /**
   * They are two, as in Beam and Hazelcast Jet: sessions are half-open, {@code [start, end)}, and
   * share no instant.
   */
  SEPARATE
}
