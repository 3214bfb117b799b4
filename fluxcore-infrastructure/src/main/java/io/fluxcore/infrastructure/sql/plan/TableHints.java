package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.hint.HintPredicates;
import org.apache.calcite.rel.hint.HintStrategyTable;
import org.apache.calcite.rel.hint.RelHint;

/**
 * The hints {@code OPTIONS('name' = 'value')} behind the name of a table: options that hold for
 * this reading of it, in place of those of its definition.
 */
final class TableHints {
  private static final String OPTIONS = "OPTIONS";

  static final HintStrategyTable STRATEGIES =
      HintStrategyTable.builder()
          .hintStrategy(OPTIONS, HintPredicates.TABLE_SCAN)
          .hintStrategy(StateHints.NAME, HintPredicates.JOIN) // it has been written in before
          .build();

  private TableHints() {}

  /** The table that is read, with the options that it has here. */
  static CatalogueTable table(TableScan scan) {
    CatalogueTable table = scan.getTable().unwrapOrThrow(QueryPlanner.BaseTable.class).table();
    Map<String, String> options = new LinkedHashMap<>(table.options());
    for (RelHint hint : scan.getHints()) {
      if (hint.hintName.equalsIgnoreCase(OPTIONS)) {
        options.putAll(hint.kvOptions);
      }
    }
    if (options.equals(table.options())) {
      return table;
    }
    if (!Tables.connector(table).equals(options.get(Tables.CONNECTOR))) {
      throw FluxCoreException.user(
          "FLX-QUERY-0078",
          Place.of("table '" + table.name() + "'"),
          "the hint OPTIONS gives it another connector, '" + options.get(Tables.CONNECTOR) + "'",
          "leave it out: define another table");
    }
    return new CatalogueTable(
        table.name(),
        table.columns(),
        table.watermark(),
        table.primaryKey(),
        options,
        table.text());
  }
}
