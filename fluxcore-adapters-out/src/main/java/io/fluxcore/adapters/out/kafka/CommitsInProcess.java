package io.fluxcore.adapters.out.kafka;

/** Commits a transaction by the producer that has begun it. */
@FunctionalInterface
interface CommitsInProcess {
  /**
   * Commits it.
   *
   * @return false if its producer cannot do it any more
   * @throws io.fluxcore.application.connector.TransientSinkException if the brokers do not answer
   *     now
   */
  boolean commit(PreparedTransaction transaction);
}
