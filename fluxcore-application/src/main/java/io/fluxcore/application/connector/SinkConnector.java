package io.fluxcore.application.connector;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.Schema;

/**
 * The public door of a sink connector; registered for {@link java.util.ServiceLoader}. Stateless
 * and thread-safe.
 */
public interface SinkConnector {
  ConnectorDescriptor descriptor();

  /**
   * A sink of these options, which have been checked against the descriptor. Touches nothing
   * outside yet.
   *
   * @param schema of the rows that will be written
   * @throws io.fluxcore.domain.error.FluxCoreException if options do not fit together; all problems
   *     at once, see {@link OptionProblems}
   */
  Sink create(ConnectorOptions options, Schema schema);

  /**
   * The same for a sink that may write by the key of the rows where its options name none. By
   * default what the rows do is no matter.
   *
   * @param rows what the rows that will be written do, as the topology gives them
   */
  default Sink create(ConnectorOptions options, Schema schema, Changes rows) {
    return create(options, schema);
  }
}
