package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.infrastructure.sql.statement.SqlText;
import io.fluxcore.infrastructure.sql.statement.Statement;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.jspecify.annotations.Nullable;

/**
 * A table that a session knows. Immutable.
 *
 * @param columns in their order
 * @param watermark null: its rows have no event time
 * @param options those of the connector, {@code connector} its name
 * @param text the statement that defined it
 */
public record CatalogueTable(
    String name,
    List<Column> columns,
    Statement.@Nullable Watermark watermark,
    List<String> primaryKey,
    Map<String, String> options,
    SqlText text) {
  /**
   * A column.
   *
   * @param expression what it is computed from; null where it is read
   */
  public record Column(String name, RelDataType type, @Nullable SqlText expression) {}

  public CatalogueTable {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
  }

  /** Those that are read, not computed. */
  public List<Column> physicalColumns() {
    return columns.stream().filter(column -> column.expression() == null).toList();
  }
}
