package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.infrastructure.sql.catalogue.Catalogue;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import io.fluxcore.infrastructure.sql.statement.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;

/** Makes tables of their definitions, and tells what is wrong with them. */
public final class TableDefinitions {
  private final QueryPlanner planner;

  public TableDefinitions(QueryPlanner planner) {
    this.planner = planner;
  }

  /**
   * The table that a statement defines.
   *
   * @throws FluxCoreException of category USER if a type or an expression is not right
   */
  public CatalogueTable table(Statement.CreateTable create, SqlText text) {
    Set<String> names = new HashSet<>();
    List<CatalogueTable.Column> columns = new ArrayList<>();
    List<CatalogueTable.Column> read = new ArrayList<>();
    for (Statement.Column column : create.columns()) {
      if (!names.add(column.name())) {
        throw wrong(create, "column '" + column.name() + "' is declared twice", "drop one of them");
      }
      SqlText type = column.type();
      if (type != null) {
        read.add(new CatalogueTable.Column(column.name(), planner.type(type), null));
      }
    }
    int at = 0;
    for (Statement.Column column : create.columns()) {
      SqlText expression = column.expression();
      columns.add(
          expression == null
              ? read.get(at++)
              : new CatalogueTable.Column(
                  column.name(), computedType(create, column, expression, read, text), expression));
    }
    check(create, columns);
    return new CatalogueTable(
        create.name(), columns, create.watermark(), create.primaryKey(), create.options(), text);
  }

  private RelDataType computedType(
      Statement.CreateTable create,
      Statement.Column column,
      SqlText expression,
      List<CatalogueTable.Column> read,
      SqlText text) {
    Catalogue alone = new Catalogue();
    alone.add(new CatalogueTable(create.name(), read, null, List.of(), Map.of(), text));
    String before = "SELECT ";
    SqlText query =
        new SqlText(
            before + expression.text() + " AS `" + column.name() + "` FROM `" + create.name() + '`',
            expression.line(),
            expression.column() - before.length());
    return planner.over(alone).rowType(query).getFieldList().get(0).getType();
  }

  private static void check(Statement.CreateTable create, List<CatalogueTable.Column> columns) {
    List<String> names = columns.stream().map(CatalogueTable.Column::name).toList();
    for (String key : create.primaryKey()) {
      if (!names.contains(key)) {
        throw wrong(
            create,
            "the primary key has '" + key + "', which is no column",
            NearestName.remedy(key, names, "columns are"));
      }
    }
    Statement.Watermark watermark = create.watermark();
    if (watermark == null) {
      return;
    }
    int time = names.indexOf(watermark.column());
    if (time < 0) {
      throw wrong(
          create,
          "the watermark is for '" + watermark.column() + "', which is no column",
          NearestName.remedy(watermark.column(), names, "columns are"));
    }
    SqlTypeName type = columns.get(time).type().getSqlTypeName();
    if (type != SqlTypeName.TIMESTAMP && type != SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE) {
      throw wrong(
          create,
          "the watermark is for '" + watermark.column() + "', which is " + type,
          "declare it as TIMESTAMP(3) or TIMESTAMP_LTZ(3), or compute one:"
              + " time AS TO_TIMESTAMP_LTZ("
              + watermark.column()
              + ", 3)");
    }
  }

  private static FluxCoreException wrong(Statement.CreateTable create, String what, String remedy) {
    return FluxCoreException.user(
        "FLX-QUERY-0019", Place.of("table '" + create.name() + "'"), what, remedy);
  }
}
