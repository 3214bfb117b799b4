package io.fluxcore.domain.topology;

import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupTable;

/** Makes the lookups of topologies: of their connectors, or those that applications made. */
@FunctionalInterface
public interface LookupFactory {
  /** The lookup of a join; touches nothing outside. */
  Lookup lookup(LookupConfig config, LookupTable table);
}
