package io.fluxcore.domain.topology;

import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupTable;
import io.fluxcore.domain.join.WholeTable;

/** Makes the lookups of topologies: of their connectors, or those that applications made. */
public interface LookupFactory {
  /** The table that a join asks for keys; touches nothing outside. */
  Lookup lookup(LookupConfig config, LookupTable table);

  /** The table that a join holds in memory; touches nothing outside. */
  WholeTable wholeTable(FullLookupConfig config, LookupTable table);
}
