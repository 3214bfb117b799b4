package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.infrastructure.sql.catalogue.Catalogue;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueView;
import io.fluxcore.infrastructure.sql.catalogue.SessionOperators;
import io.fluxcore.infrastructure.sql.catalogue.SqlTypes;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.catalogue.StreamTypes;
import io.fluxcore.infrastructure.sql.statement.LocalTimestamps;
import io.fluxcore.infrastructure.sql.statement.ReservedFunctions;
import io.fluxcore.infrastructure.sql.statement.RowPatternQuery;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.TemporalTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.jspecify.annotations.Nullable;

/**
 * Parses, validates and rewrites queries over the tables and views of a catalogue. Not thread-safe.
 */
public final class QueryPlanner {
  private static final SqlParser.Config PARSER =
      SqlParser.config()
          .withQuoting(Quoting.BACK_TICK)
          .withUnquotedCasing(Casing.UNCHANGED)
          .withQuotedCasing(Casing.UNCHANGED)
          .withCaseSensitive(true)
          .withIdentifierMaxLength(256)
          .withConformance(StreamConformance.INSTANCE);

  private static final String PARAMETERS = "parameters";

  private final Catalogue catalogue;
  private final RelDataTypeFactory types;
  private final SqlOperatorTable operators;
  private final RelOptCluster cluster;
  private final QueryContext context;
  private final @Nullable ZoneId zone;

  public QueryPlanner(Catalogue catalogue, QueryContext context) {
    this(
        catalogue,
        context,
        StreamTypes.factory(),
        StreamOperators.of(context.expressions(), context.aggregates()));
  }

  private QueryPlanner(
      Catalogue catalogue,
      QueryContext context,
      RelDataTypeFactory types,
      SqlOperatorTable operators) {
    this(catalogue, context, types, operators, cluster(types), null);
  }

  private QueryPlanner(
      Catalogue catalogue,
      QueryContext context,
      RelDataTypeFactory types,
      SqlOperatorTable operators,
      RelOptCluster cluster,
      @Nullable ZoneId zone) {
    this.zone = zone;
    this.context = context;
    this.catalogue = catalogue;
    this.types = types;
    this.operators = operators;
    this.cluster = cluster;
  }

  private static RelOptCluster cluster(RelDataTypeFactory types) {
    HepPlanner planner = new HepPlanner(HepProgram.builder().build(), Contexts.empty());
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    return RelOptCluster.create(planner, new RexBuilder(types));
  }

  /** The same over another catalogue. */
  QueryPlanner over(Catalogue other) {
    catalogue.functions().forEach(other::add);
    return new QueryPlanner(other, context, types, operators, cluster, zone);
  }

  /** The same in the clocks of a zone; null: of the engine's, and windows are cut in UTC. */
  public QueryPlanner in(@Nullable ZoneId newZone) {
    return new QueryPlanner(catalogue, context, types, operators, cluster, newZone);
  }

  /** The zone of the session, or null. */
  public @Nullable ZoneId zone() {
    return zone;
  }

  /** What queries may use beside their tables. */
  QueryContext context() {
    return context;
  }

  /**
   * The table of this name.
   *
   * @throws FluxCoreException of category USER if there is none
   */
  CatalogueTable requireTable(String name) {
    return catalogue.requireTable(name);
  }

  RexBuilder rexBuilder() {
    return cluster.getRexBuilder();
  }

  public RelDataTypeFactory types() {
    return types;
  }

  /** The functions that queries may call. */
  public SqlOperatorTable operators() {
    return new SessionOperators(catalogue, operators);
  }

  /**
   * The rows of a query as relational operators, with the names of its columns.
   *
   * @throws FluxCoreException of category USER with line and column, if it is not a right one
   */
  public RelRoot plan(SqlText query) {
    RelRoot root = convert(query);
    try {
      RelNode rel = new QueryRewriting(cluster).of(root.rel);
      return root.withRel(
          zone == null ? rel : new ZonedTimes(zone, rexBuilder(), operators()).of(rel));
    } catch (FluxCoreException e) {
      throw e;
    } catch (RuntimeException | AssertionError e) {
      throw CalciteErrors.of(e, query, suggestions(query));
    }
  }

  private Suggestions suggestions(SqlText query) {
    return new Suggestions(catalogue, operators(), query.text());
  }

  /** The columns that a query gives. */
  public RelDataType rowType(SqlText query) {
    return convert(query).validatedRowType;
  }

  /** An expression that names no columns. */
  RexNode expression(SqlText text) {
    String before = "SELECT ";
    SqlText query = new SqlText(before + text.text(), text.line(), text.column() - before.length());
    RelNode rel = convert(query).rel;
    if (rel instanceof Project project) {
      return project.getProjects().get(0);
    }
    return ((Values) rel).getTuples().get(0).get(0);
  }

  /**
   * An expression of parameters, which are its input columns.
   *
   * @param body the expression, or a {@code SELECT} of it
   * @throws FluxCoreException of category USER with line and column, if it is not a right one
   */
  public RexNode expression(List<CatalogueTable.Column> parameters, SqlText body) {
    boolean isQuery = body.text().strip().toUpperCase(Locale.ROOT).startsWith("SELECT");
    if (parameters.isEmpty()) {
      return expression(
          isQuery
              ? new SqlText(
                  body.text().replaceFirst("(?i)select", "      "), body.line(), body.column())
              : body);
    }
    Catalogue alone = new Catalogue();
    alone.add(new CatalogueTable(PARAMETERS, parameters, null, List.of(), Map.of(), body));
    String before = isQuery ? "" : "SELECT ";
    String text = before + body.text() + "\nFROM `" + PARAMETERS + "`";
    RelNode rel =
        over(alone)
            .plan(new SqlText(text, body.line(), Math.max(1, body.column() - before.length())))
            .rel;
    boolean isOne = rel.getRowType().getFieldCount() == 1;
    if (isOne && rel instanceof Project project && project.getInput() instanceof TableScan) {
      return project.getProjects().get(0);
    }
    if (isOne && rel instanceof TableScan) {
      return rexBuilder().makeInputRef(rel, 0);
    }
    throw FluxCoreException.user(
        "FLX-QUERY-0022",
        body.placeOf(0),
        "the body of the function is no single expression of its parameters",
        "write SELECT and one expression, without FROM");
  }

  /** The rows of a query, not rewritten. */
  RelRoot convert(SqlText query) {
    return convert(query, Map.of());
  }

  /** The same with further tables. */
  RelRoot convert(SqlText whole, Map<String, AbstractTable> more) {
    RowPatternQuery patterns = RowPatternQuery.of(LocalTimestamps.withoutPrecision(whole));
    Map<String, AbstractTable> tables = new LinkedHashMap<>(more);
    tables.putAll(new RowMatches(this).tables(patterns));
    SqlText query = patterns.text();
    try {
      SqlNode zoned = Objects.requireNonNull(parsed(query).accept(new WindowZones(query, zone)));
      SqlNode parsed = Objects.requireNonNull(zoned.accept(new StateHints(query)));
      QuerySize.check(parsed, catalogue, query);
      CalciteCatalogReader reader = reader(tables);
      SqlValidator validator = validator(reader);
      SqlNode validated = validator.validate(parsed);
      return converter(validator, reader).convertQuery(validated, false, true);
    } catch (FluxCoreException e) {
      throw e;
    } catch (RuntimeException | AssertionError e) {
      throw CalciteErrors.of(e, query, suggestions(query));
    }
  }

  /** A query as it is written. */
  static SqlNode parsed(SqlText query) {
    ReservedFunctions written = ReservedFunctions.of(query);
    try {
      return Objects.requireNonNull(
          SqlParser.create(written.text(), PARSER)
              .parseQuery()
              .accept(new AggregateCalls(written))
              .accept(new SessionKeys(query))
              .accept(new GroupWindowBounds()));
    } catch (SqlParseException e) {
      throw CalciteErrors.of(e, query);
    }
  }

  private SqlValidator validator(CalciteCatalogReader reader) {
    return SqlValidatorUtil.newValidator(
        SqlOperatorTables.chain(operators(), reader),
        reader,
        types,
        SqlValidator.Config.DEFAULT
            .withIdentifierExpansion(true)
            .withDefaultNullCollation(NullCollation.LOW)
            .withConformance(StreamConformance.INSTANCE));
  }

  private SqlToRelConverter converter(SqlValidator validator, CalciteCatalogReader reader) {
    return new SqlToRelConverter(
        (rowType, text, schemaPath, viewPath) -> convert(SqlText.of(text)),
        validator,
        reader,
        cluster,
        StandardConvertletTable.INSTANCE,
        SqlToRelConverter.config()
            .withHintStrategyTable(TableHints.STRATEGIES)
            .withExpand(false)
            .withInSubQueryThreshold(Integer.MAX_VALUE)
            .withTrimUnusedFields(false)
            .withRelBuilderConfigTransform(
                config -> config.withSimplify(true).withBloat(-1).withPushJoinCondition(false)));
  }

  private CalciteCatalogReader reader(Map<String, AbstractTable> more) {
    CalciteSchema root = CalciteSchema.createRootSchema(false, false);
    SchemaPlus schema = root.plus();
    for (CatalogueTable table : catalogue.tables()) {
      schema.add(table.name(), new BaseTable(table, rowType(table)));
    }
    for (CatalogueView view : catalogue.views()) {
      schema.add(view.name(), new ViewTable(view));
    }
    more.forEach(schema::add);
    schema.add("STRING", factory -> StreamTypes.text(factory));
    schema.add(
        "TIMESTAMP_LTZ",
        factory -> factory.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6));
    schema.add("BYTES", factory -> factory.createSqlType(SqlTypeName.VARBINARY));
    Properties properties = new Properties();
    properties.setProperty(CalciteConnectionProperty.CASE_SENSITIVE.camelName(), "true");
    return new CalciteCatalogReader(
        root, List.of(), types, new CalciteConnectionConfigImpl(properties));
  }

  private RelDataType rowType(CatalogueTable table) {
    RelDataTypeFactory.Builder fields = types.builder();
    table.columns().forEach(column -> fields.add(column.name(), column.type()));
    return fields.build();
  }

  /** A table whose rows come from a connector. */
  static final class BaseTable extends AbstractTable implements TemporalTable {
    private final CatalogueTable table;
    private final RelDataType rowType;

    BaseTable(CatalogueTable table, RelDataType rowType) {
      this.table = table;
      this.rowType = rowType;
    }

    /** Versions are those of the time of events: no column is meant. */
    @Override
    public String getSysStartFieldName() {
      return "";
    }

    @Override
    public String getSysEndFieldName() {
      return "";
    }

    CatalogueTable table() {
      return table;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      return rowType;
    }
  }

  /** The row type of these columns under other names. */
  public RelDataType renamed(RelDataType rowType, List<String> names) {
    if (names.isEmpty()) {
      return rowType;
    }
    RelDataTypeFactory.Builder fields = types.builder();
    for (int i = 0; i < names.size(); i++) {
      fields.add(names.get(i), rowType.getFieldList().get(i).getType());
    }
    return fields.build();
  }

  /** The type of a column as it is declared. */
  public RelDataType type(SqlText text) {
    return SqlTypes.parse(text, types);
  }
}
