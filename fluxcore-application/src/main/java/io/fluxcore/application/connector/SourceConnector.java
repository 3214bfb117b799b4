package io.fluxcore.application.connector;

/**
 * The public door of a source connector; registered for {@link java.util.ServiceLoader}. Stateless
 * and thread-safe.
 */
public interface SourceConnector {
  ConnectorDescriptor descriptor();

  /**
   * A source of these options, which have been checked against the descriptor. Touches nothing
   * outside yet.
   *
   * @param services what the host lends
   * @throws io.fluxcore.domain.error.FluxCoreException if options do not fit together; all problems
   *     at once, see {@link OptionProblems}
   */
  Source create(ConnectorOptions options, ConnectorServices services);
}
