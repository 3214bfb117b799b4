package io.fluxcore.infrastructure.sql.catalogue;

import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;

/**
 * A query with a name.
 *
 * @param columns the names of its columns; none for those of the query
 * @param query what it stands for
 * @param rowType the columns of its rows
 * @param text the statement that defined it
 */
public record CatalogueView(
    String name, List<String> columns, SqlText query, RelDataType rowType, SqlText text) {}
