package io.fluxcore.infrastructure.sql;

import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What queries without state give for one row. */
final class QueryRow {
  private final SqlSession session;
  private final ExpressionContext context;
  private final Map<String, @Nullable Object> row;

  /**
   * For one row of a table.
   *
   * @param row values by the names of the table's columns; null for those that are not there
   */
  QueryRow(SqlSession session, ExpressionContext context, Map<String, @Nullable Object> row) {
    this.session = session;
    this.context = context;
    this.row = row;
  }

  /** The values that a query gives, by the names of its columns. */
  Map<String, @Nullable Object> of(String query) {
    SqlOutcome.Query outcome = (SqlOutcome.Query) session.execute(SqlStatement.of(query));
    EventBatch batch = null;
    for (TopologyNode node : outcome.topology().nodes()) {
      if (node.config() instanceof SourceConfig source) {
        batch = batch(source.schema());
      } else {
        batch = projected(batch, (TransformConfig.Project) node.config());
      }
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < batch.schema().size(); i++) {
      values.put(batch.schema().field(i).name(), batch.column(i).get(0));
    }
    return values;
  }

  private EventBatch batch(Schema schema) {
    Column[] columns = new Column[schema.size()];
    for (int i = 0; i < columns.length; i++) {
      Field field = schema.field(i);
      ColumnBuilder builder = new ColumnBuilder(field.type(), 1);
      builder.append(row.get(field.name()));
      columns[i] = builder.build();
    }
    return EventBatch.of(schema, columns, new long[] {1_700_000_000_123L}, 1);
  }

  private EventBatch projected(EventBatch batch, TransformConfig.Project project) {
    List<Field> fields = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    project
        .fields()
        .forEach(
            (name, text) -> {
              try {
                var compiled = Expression.parse(text).compile(batch.schema(), context);
                columns.add(compiled.evaluate(batch, RowErrors.THROW));
                fields.add(new Field(name, compiled.type()));
              } catch (RuntimeException e) {
                ColumnBuilder error = new ColumnBuilder(DataType.STRING, 1);
                error.append("error: " + e.getMessage());
                columns.add(error.build());
                fields.add(new Field(name, DataType.STRING));
              }
            });
    return batch.withColumns(Schema.of(fields), columns.toArray(Column[]::new));
  }
}
