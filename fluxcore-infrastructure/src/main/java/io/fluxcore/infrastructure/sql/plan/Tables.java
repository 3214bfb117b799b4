package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.time.WatermarkStrategy;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.infrastructure.sql.catalogue.Catalogue;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import io.fluxcore.infrastructure.sql.catalogue.SqlTypes;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import io.fluxcore.infrastructure.sql.statement.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/** Tables as sources and sinks. A table is read once, however often queries name it. */
final class Tables {
  static final String CONNECTOR = "connector";

  /**
   * Before the name of a connector: each row takes the place of the one before with the same key,
   * as Flink's {@code upsert-kafka} has it. Without it a primary key is only said, not kept.
   */
  private static final String UPSERT = "upsert-";

  private final QueryPlanner planner;
  private final Draft draft;
  private final Map<String, Relation> read = new HashMap<>();

  /** Where late rows of a source go. */
  private final Map<String, CatalogueTable> lateTables = new HashMap<>();

  Tables(QueryPlanner planner, Draft draft) {
    this.planner = planner;
    this.draft = draft;
  }

  /** How values of a type are held; those without a known type are nested. */
  static DataType held(RelDataType type) {
    return SqlTypes.held(type);
  }

  /** The rows of a table. */
  Relation read(TableScan scan) {
    CatalogueTable table = TableHints.table(scan);
    String reading = table.name() + ' ' + table.options();
    Relation known = read.get(reading);
    if (known == null) {
      known = source(table);
      read.put(reading, known);
    }
    return known;
  }

  private Relation source(CatalogueTable table) {
    List<CatalogueTable.Column> physical = table.physicalColumns();
    List<Field> fields = new ArrayList<>();
    for (CatalogueTable.Column column : physical) {
      fields.add(new Field(column.name(), held(column.type())));
    }
    boolean isUpserts = connector(table).startsWith(UPSERT);
    String connector = isUpserts ? connector(table).substring(UPSERT.length()) : connector(table);
    SourceConfig.Builder config = SourceConfig.connector(connector).withOptions(ofStream(table));
    config.withSchema(Schema.of(fields));
    if (isUpserts) {
      config.withPrimaryKey(table.primaryKey().toArray(String[]::new));
    }
    List<RexNode> expressions = expressions(table);
    Statement.Watermark watermark = table.watermark();
    int time = watermark == null ? -1 : ordinal(table, watermark.column());
    if (watermark == null) {
      config.withTime(TimeCharacteristic.PROCESSING);
    } else {
      timestamp(config, table, expressions.get(time));
      config.withWatermarks(
          WatermarkStrategy.boundedOutOfOrderness(outOfOrderness(table, watermark)));
    }
    String node = draft.source(table.name(), config.build());
    String late = table.options().get(LateData.OPTION);
    if (late != null) {
      lateTables.put(node, planner.requireTable(late));
    }
    return withComputed(table, expressions, time, node);
  }

  private Relation withComputed(
      CatalogueTable table, List<RexNode> expressions, int time, String node) {
    List<Column> physical = physical(table);
    RexText texts = new RexText(physical, planner.rexBuilder());
    List<Column> columns = new ArrayList<>();
    boolean isPlain = true;
    for (int i = 0; i < expressions.size(); i++) {
      RexNode expression = expressions.get(i);
      Role role = i == time ? timeRole(table) : Role.VALUE;
      if (expression instanceof RexInputRef ref) {
        columns.add(physical.get(ref.getIndex()).withRole(role));
        isPlain &= !DayTimeText.isTime(ref.getType());
      } else if (expression instanceof RexCall call
          && call.getOperator().equals(StreamOperators.PROCTIME)) {
        columns.add(new Column("", DataType.TIMESTAMP_TZ, Role.PROCESSING_TIME));
      } else {
        isPlain = false;
        columns.add(new Column(texts.text(expression), held(expression.getType()), role));
      }
    }
    Relation rows = new Relation(node, columns, null);
    return isPlain
        ? rows
        : draft.asFields(rows, table.columns().stream().map(CatalogueTable.Column::name).toList());
  }

  private static Role timeRole(CatalogueTable table) {
    return connector(table).startsWith(UPSERT) ? Role.CHANGE_TIME : Role.EVENT_TIME;
  }

  private static int ordinal(CatalogueTable table, String column) {
    for (int i = 0; i < table.columns().size(); i++) {
      if (table.columns().get(i).name().equals(column)) {
        return i;
      }
    }
    throw new IllegalStateException("checked when the table was defined: " + column);
  }

  /** The columns of a table over those that are read. */
  private List<RexNode> expressions(CatalogueTable table) {
    StringBuilder query = new StringBuilder("SELECT ");
    for (int i = 0; i < table.columns().size(); i++) {
      CatalogueTable.Column column = table.columns().get(i);
      SqlText expression = column.expression();
      query.append(i == 0 ? "" : ", ");
      query
          .append(expression == null ? '`' + column.name() + '`' : "(" + expression.text() + ")")
          .append(" AS `")
          .append(column.name())
          .append('`');
    }
    return projects(table, query.append(" FROM `").append(table.name()).append('`').toString());
  }

  /** The expressions of a query over what a table reads. */
  private List<RexNode> projects(CatalogueTable table, String query) {
    Catalogue alone = new Catalogue();
    alone.add(
        new CatalogueTable(
            table.name(), table.physicalColumns(), null, List.of(), Map.of(), table.text()));
    RelNode rel = planner.over(alone).plan(SqlText.of(query)).rel;
    if (rel instanceof Project project) {
      return project.getProjects();
    }
    List<RexNode> all = new ArrayList<>();
    for (int i = 0; i < rel.getRowType().getFieldCount(); i++) {
      all.add(planner.rexBuilder().makeInputRef(rel, i));
    }
    return all;
  }

  /** The field that event time is taken from, or the expression that computes it. */
  private void timestamp(SourceConfig.Builder config, CatalogueTable table, RexNode expression) {
    if (expression instanceof RexInputRef ref) {
      config.withTimestampField(table.physicalColumns().get(ref.getIndex()).name());
    } else {
      config.withTimestampExpression(
          new RexText(physical(table), planner.rexBuilder()).text(expression));
    }
  }

  private static List<Column> physical(CatalogueTable table) {
    List<Column> physical = new ArrayList<>();
    for (CatalogueTable.Column column : table.physicalColumns()) {
      physical.add(field(column.name(), column.type()));
    }
    return physical;
  }

  /** What a record holds in a field, as a value of a type of SQL. */
  static Column field(String name, RelDataType type) {
    Column field = Column.field(name, held(type));
    return DayTimeText.isTime(type)
        ? new Column(
            DayTimeText.of(field.expression(), field.type(), type, false), field.type(), Role.VALUE)
        : field;
  }

  /** By how much the watermark is behind the time: it is the time, or the time less an interval. */
  private Duration outOfOrderness(CatalogueTable table, Statement.Watermark watermark) {
    CatalogueTable plain =
        new CatalogueTable(
            table.name(),
            table.columns().stream()
                .map(c -> new CatalogueTable.Column(c.name(), c.type(), null))
                .toList(),
            null,
            List.of(),
            Map.of(),
            table.text());
    RexNode expression =
        projects(
                plain,
                "SELECT "
                    + watermark.expression().text()
                    + " AS `watermark` FROM `"
                    + table.name()
                    + '`')
            .get(0);
    while (expression.getKind() == SqlKind.CAST) {
      expression = ((RexCall) expression).getOperands().get(0);
    }
    if (isColumn(expression, plain, watermark.column())) {
      return Duration.ZERO;
    }
    if (expression instanceof RexCall call
        && call.getKind() == SqlKind.MINUS
        && isColumn(call.getOperands().get(0), plain, watermark.column())) {
      return WindowCalls.duration(call.getOperands().get(1));
    }
    throw FluxCoreException.user(
        "FLX-QUERY-0013",
        watermark.expression().placeOf(0),
        "the watermark of '" + table.name() + "' is '" + watermark.expression() + "'",
        "write the column, or the column minus an interval: "
            + watermark.column()
            + " - INTERVAL '5' SECOND");
  }

  private static boolean isColumn(RexNode node, CatalogueTable table, String name) {
    RexNode field = node;
    while (field instanceof RexCall call && call.getKind() == SqlKind.CAST) {
      field = call.getOperands().get(0);
    }
    return field instanceof RexInputRef ref
        && table.columns().get(ref.getIndex()).name().equals(name);
  }

  /** The name of the connector that a table is of. */
  static String connector(CatalogueTable table) {
    String connector = table.options().get(CONNECTOR);
    if (connector == null) {
      throw FluxCoreException.user(
          "FLX-QUERY-0014",
          Place.of("table '" + table.name() + "'"),
          "it has no connector",
          "add WITH ('connector' = '…') to its CREATE TABLE");
    }
    return connector;
  }

  /** The options of a table without that name. */
  static Map<String, String> options(CatalogueTable table) {
    Map<String, String> options = new LinkedHashMap<>(table.options());
    options.remove(CONNECTOR);
    return options;
  }

  /** The options of a table's connector, where it is read or written. */
  private static Map<String, String> ofStream(CatalogueTable table) {
    Map<String, String> options = options(table);
    options.keySet().removeIf(LookupOptions::isOne);
    options.remove(LateData.OPTION);
    return options;
  }

  /** Has rows that come too late written where their tables say. */
  void writeLate() {
    if (lateTables.isEmpty()) {
      return;
    }
    new LateData(draft.build(), lateTables, planner.context().expressions())
        .rows(draft)
        .forEach(
            (table, rows) -> {
              SinkConfig.Builder sink =
                  SinkConfig.connector(connector(table)).withOptions(ofStream(table));
              String unused = draft.sink(table.name(), sink.build(), draft.united(rows).output());
            });
  }

  /** Has rows written into a table. */
  void write(Relation rows, RelRoot query, CatalogueTable table, List<String> into) {
    List<CatalogueTable.Column> columns = table.physicalColumns();
    List<String> names =
        into.isEmpty() ? columns.stream().map(CatalogueTable.Column::name).toList() : into;
    if (names.size() != query.fields.size()) {
      throw FluxCoreException.user(
          "FLX-QUERY-0015",
          Place.of("table '" + table.name() + "'"),
          "the query gives "
              + query.fields.size()
              + " columns "
              + Names.of(query)
              + ", and "
              + names.size()
              + " are written: "
              + names,
          "select as many, or name the columns: INSERT INTO " + table.name() + " (a, b) SELECT …");
    }
    List<Column> values = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    for (CatalogueTable.Column column : columns) {
      int at = names.indexOf(column.name());
      DataType type = held(column.type());
      Column value = at < 0 ? null : rows.column(at);
      fields.add(column.name());
      values.add(
          value == null
              ? new Column("cast(null as " + type + ")", type, Role.VALUE)
              : new Column(
                  ZonedTimes.cast(value.expression(), value.type(), column.type(), planner.zone()),
                  type,
                  Role.VALUE));
    }
    requireKnown(table, names);
    Relation result = draft.asFields(rows.withColumns(values), fields);
    SinkConfig.Builder sink = SinkConfig.connector(connector(table)).withOptions(ofStream(table));
    String unused = draft.sink(table.name(), sink.build(), result.output());
  }

  private static void requireKnown(CatalogueTable table, List<String> names) {
    List<String> known = table.physicalColumns().stream().map(CatalogueTable.Column::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw FluxCoreException.user(
            "FLX-QUERY-0016",
            Place.of("table '" + table.name() + "'"),
            "it has no column '" + name + "' that could be written",
            NearestName.remedy(name, known, "its columns are"));
      }
    }
  }

  /** Rows that the query itself holds. */
  Relation values(Values values) {
    List<Field> fields = new ArrayList<>();
    List<Column> columns = new ArrayList<>();
    for (RelDataTypeField column : values.getRowType().getFieldList()) {
      String name = "f" + column.getIndex();
      DataType type = held(column.getType());
      fields.add(new Field(name, type));
      columns.add(field(name, column.getType()));
    }
    SourceConfig config =
        SourceConfig.connector("values")
            .withOptions(Map.of("rows", InlineRows.json(values.getTuples())))
            .withSchema(Schema.of(fields))
            .withTime(TimeCharacteristic.PROCESSING)
            .build();
    return new Relation(draft.source("values", config), columns, null);
  }
}
