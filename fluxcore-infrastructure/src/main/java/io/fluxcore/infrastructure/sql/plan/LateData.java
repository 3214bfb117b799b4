package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rows that come too late for what a job computes of a table, into the table that its option {@link
 * #OPTION} names: each column of that table has the field of its name, as it was where the row came
 * too late, or null.
 */
final class LateData {
  /** The option of a table that names the one for its late rows. */
  static final String OPTION = "late-data";

  private final StreamTopology topology;
  private final TopologyAnalysis analysis;
  private final Map<String, CatalogueTable> tables;

  /**
   * The late rows of a topology.
   *
   * @param tables where those of a source go, by the name of its node
   */
  LateData(
      StreamTopology topology, Map<String, CatalogueTable> tables, ExpressionContext expressions) {
    this.topology = topology;
    this.analysis = TopologyAnalysis.of(topology, Map.of(), expressions);
    this.tables = tables;
  }

  /** The rows for each table, with all its columns. */
  Map<CatalogueTable, List<Relation>> rows(Draft draft) {
    Map<CatalogueTable, List<Relation>> rows = new LinkedHashMap<>();
    for (TopologyNode node : topology.nodes()) {
      PortRef late = new PortRef(node.name(), WindowConfig.LATE_PORT);
      Schema schema = analysis.output(late);
      if (schema == null || !canBeLate(node)) {
        continue;
      }
      for (String source : sources(node)) {
        CatalogueTable table = tables.get(source);
        if (table != null) {
          Relation all = new Relation(late.toString(), columns(schema, table), null);
          List<String> names =
              table.physicalColumns().stream().map(CatalogueTable.Column::name).toList();
          rows.computeIfAbsent(table, none -> new ArrayList<>()).add(draft.asFields(all, names));
        }
      }
    }
    return rows;
  }

  /** An aggregate has the port whether or not it is over windows. */
  private boolean canBeLate(TopologyNode node) {
    return node.config().ports().contains(WindowConfig.LATE_PORT)
        && (!(node.config() instanceof AggregateConfig) || analysis.windowOf(node).isPresent());
  }

  /** The sources that a node's rows come from. */
  private Set<String> sources(TopologyNode node) {
    Set<String> sources = new TreeSet<>();
    if (node.inputs().isEmpty()) {
      sources.add(node.name());
    }
    node.inputs().forEach(input -> sources.addAll(sources(analysis.node(input.node()))));
    return sources;
  }

  private static List<Column> columns(Schema schema, CatalogueTable table) {
    List<Column> columns = new ArrayList<>();
    for (CatalogueTable.Column column : table.physicalColumns()) {
      DataType type = Tables.held(column.type());
      int at = schema.indexOf(column.name());
      if (at < 0) {
        columns.add(new Column("cast(null as " + type + ")", type, Role.VALUE));
        continue;
      }
      Column field = Column.field(column.name(), schema.type(at));
      columns.add(
          new Column(
              RexText.typed(field.expression(), field.type(), column.type()), type, Role.VALUE));
    }
    return columns;
  }
}
