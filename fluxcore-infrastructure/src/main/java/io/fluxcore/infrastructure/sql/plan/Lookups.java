package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.topology.FullLookupConfig;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.JoinNode;
import io.fluxcore.domain.topology.LookupConfig;
import io.fluxcore.domain.topology.OutsideBuilder;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;

/**
 * Joins with tables that are asked for the rows of a key, those of connectors that can be asked, or
 * that are held in memory.
 */
final class Lookups {
  private final Draft draft;
  private final RexBuilder builder;
  private final Set<String> connectors;

  /**
   * Lookup joins.
   *
   * @param connectors names of the connectors that can be asked
   */
  Lookups(Draft draft, RexBuilder builder, Set<String> connectors) {
    this.draft = draft;
    this.builder = builder;
    this.connectors = connectors;
  }

  private static CatalogueTable table(TableScan scan) {
    return TableHints.table(scan);
  }

  /** Whether a table can be asked, or is held in memory. */
  boolean isOne(TableScan scan) {
    CatalogueTable table = table(scan);
    return LookupOptions.isFull(table) || connectors.contains(Tables.connector(table));
  }

  /**
   * The rows of the left side, each with those of the table that are equal in the key.
   *
   * @param terms of the condition, over the columns of both
   */
  Relation translate(JoinRelType type, List<RexNode> terms, Relation leftRows, TableScan scan) {
    CatalogueTable table = table(scan);
    requireNoneComputed(table);
    int size = leftRows.columns().size();
    Map<Integer, String> keys = new LinkedHashMap<>();
    Joins.takeEqualities(terms, size)
        .forEach((left, right) -> keys.put(left, table.columns().get(right).name()));
    Relation left = withConstants(terms, leftRows, size, table, keys);
    if (keys.isEmpty()) {
      throw Unsupported.of(
          "the join with '" + table.name() + "' has no equality that says which rows are asked for",
          "join on a column of it, which its connector can look up");
    }
    if (type == JoinRelType.LEFT && !terms.isEmpty()) {
      throw Unsupported.of(
          "a LEFT JOIN with '" + table.name() + "', which is asked for rows, has another condition",
          "leave columns and values that are equal in ON, and say the rest in WHERE or CASE");
    }
    left = draft.withOnlyFields(left);
    List<Column> pairs = new ArrayList<>();
    for (Column column : left.columns().subList(0, size)) {
      pairs.add(column.prefixed(Joins.LEFT, column.role()));
    }
    for (CatalogueTable.Column column : table.columns()) {
      pairs.add(Tables.field(Joins.RIGHT + column.name(), column.type()));
    }
    Relation joined =
        new Relation(
            draft.operator("lookup", config(type, keys, left, table), left.output()), pairs, null);
    return terms.isEmpty()
        ? joined
        : draft.filter(
            joined, new RexText(pairs, builder).text(RexUtil.composeConjunction(builder, terms)));
  }

  private static JoinNode config(
      JoinRelType type, Map<Integer, String> keys, Relation left, CatalogueTable table) {
    LookupOptions options = new LookupOptions(table);
    if (LookupOptions.isFull(table)) {
      FullLookupConfig.Builder config = JoinConfig.fullLookup(Tables.connector(table));
      options.applyTo(config);
      return of(config, options, type, keys, left, table).build();
    }
    LookupConfig.Builder config = JoinConfig.lookup(Tables.connector(table));
    options.applyTo(config);
    return of(config, options, type, keys, left, table).build();
  }

  private static <B extends OutsideBuilder<B>> B of(
      B config,
      LookupOptions options,
      JoinRelType type,
      Map<Integer, String> keys,
      Relation left,
      CatalogueTable table) {
    options.ofConnector().forEach(config::with);
    config
        .withType(type == JoinRelType.LEFT ? JoinType.LEFT : JoinType.INNER)
        .withLeftPrefix(Joins.LEFT)
        .withRightPrefix(Joins.RIGHT);
    for (Map.Entry<Integer, String> key : keys.entrySet()) {
      config.withOn(left.fieldNames(List.of(key.getKey())).get(0), key.getValue());
    }
    for (CatalogueTable.Column column : table.columns()) {
      config.withField(column.name(), Tables.held(column.type()));
    }
    return config;
  }

  private static void requireNoneComputed(CatalogueTable table) {
    if (table.physicalColumns().size() != table.columns().size()) {
      throw Unsupported.of(
          "'" + table.name() + "', which is asked for rows, has computed columns",
          "compute them in the query");
    }
  }

  /** Values that columns of the table are to equal are keys, too, as columns of the left side. */
  private Relation withConstants(
      List<RexNode> terms,
      Relation left,
      int size,
      CatalogueTable table,
      Map<Integer, String> keys) {
    List<Column> columns = new ArrayList<>(left.columns());
    RexText texts = new RexText(left.columns(), builder);
    terms.removeIf(
        term -> {
          if (term.getKind() != SqlKind.EQUALS
              || !(((RexCall) term).getOperands().get(0) instanceof RexInputRef ref)
              || !(((RexCall) term).getOperands().get(1) instanceof RexLiteral literal)
              || ref.getIndex() < size) {
            return false;
          }
          CatalogueTable.Column column = table.columns().get(ref.getIndex() - size);
          if (keys.containsValue(column.name())) {
            return false;
          }
          DataType held = Tables.held(column.type());
          keys.put(columns.size(), column.name());
          columns.add(
              new Column(
                  RexText.typed(texts.text(literal), Tables.held(literal.getType()), column.type()),
                  held,
                  Role.VALUE));
          return true;
        });
    return left.withColumns(columns);
  }
}
