package io.fluxcore.application.connector;

import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupTable;

/**
 * The public door of a connector that rows are looked up through; registered for {@link
 * java.util.ServiceLoader}. Stateless and thread-safe.
 */
public interface LookupConnector {
  ConnectorDescriptor descriptor();

  /**
   * A lookup of these options, which have been checked against the descriptor. Touches nothing
   * outside yet.
   *
   * @param table by which fields rows are looked up, and what is wanted of them
   * @throws io.fluxcore.domain.error.FluxCoreException if options do not fit together; all problems
   *     at once, see {@link OptionProblems}
   */
  Lookup create(ConnectorOptions options, LookupTable table);
}
