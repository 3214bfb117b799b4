package io.fluxcore.infrastructure.sql;

import io.fluxcore.application.sql.SqlJobSettings;
import io.fluxcore.application.sql.SqlOutcome;
import io.fluxcore.application.sql.SqlSession;
import io.fluxcore.application.sql.SqlStatement;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.topology.ConnectorSpec;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.infrastructure.sql.catalogue.Catalogue;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueUserFunction;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueView;
import io.fluxcore.infrastructure.sql.catalogue.SqlTypes;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.catalogue.UserMacro;
import io.fluxcore.infrastructure.sql.plan.Emission;
import io.fluxcore.infrastructure.sql.plan.QueryContext;
import io.fluxcore.infrastructure.sql.plan.QueryPlanner;
import io.fluxcore.infrastructure.sql.plan.TableDefinitions;
import io.fluxcore.infrastructure.sql.plan.TopologyTranslation;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import io.fluxcore.infrastructure.sql.statement.Statement;
import io.fluxcore.infrastructure.sql.statement.StatementParser;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.jspecify.annotations.Nullable;

/** A session whose queries Calcite reads. */
final class CalciteSession implements SqlSession {
  private final Catalogue catalogue = new Catalogue();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private QueryPlanner planner;

  CalciteSession(QueryContext context) {
    this.planner = new QueryPlanner(catalogue, context);
  }

  /**
   * Every rejection has a place: the statement's where none within it is known. That parsing recurs
   * too deeply is no failure of the engine: what is nested is limited, and this is the net below.
   */
  @Override
  public SqlOutcome execute(SqlStatement statement) {
    SqlText text = new SqlText(statement.text(), statement.line(), statement.column());
    try {
      return outcome(StatementParser.parse(text), text);
    } catch (FluxCoreException e) {
      throw placed(e, text);
    } catch (StackOverflowError e) {
      throw FluxCoreException.user(
          "FLX-QUERY-0008",
          text.placeOf(0),
          "the statement is nested too deeply",
          "give parts of it names by CREATE VIEW");
    }
  }

  private static FluxCoreException placed(FluxCoreException e, SqlText text) {
    if (e.diagnostics().stream().allMatch(known -> known.place().line() > 0)) {
      return e;
    }
    Place start = text.placeOf(0);
    List<Diagnostic> placed = new ArrayList<>();
    for (Diagnostic known : e.diagnostics()) {
      Place place = known.place();
      placed.add(
          place.line() > 0
              ? known
              : new Diagnostic(
                  known.severity(),
                  known.code(),
                  new Place(place.path(), start.line(), start.column()),
                  known.message(),
                  known.remedy()));
    }
    return new FluxCoreException(e.category(), placed, e.getCause());
  }

  @Override
  public List<String> tables() {
    List<String> names = new ArrayList<>();
    catalogue.tables().forEach(table -> names.add(table.name()));
    catalogue.views().forEach(view -> names.add(view.name()));
    return List.copyOf(names);
  }

  @Override
  public List<String> columns(String name) {
    CatalogueTable table = catalogue.table(name);
    if (table != null) {
      return table.columns().stream().map(CatalogueTable.Column::name).toList();
    }
    CatalogueView view = catalogue.view(name);
    return view == null ? List.of() : List.copyOf(view.rowType().getFieldNames());
  }

  @Override
  public void define(String name, Schema schema, List<String> key, ConnectorSpec connector) {
    List<CatalogueTable.Column> columns = new ArrayList<>();
    for (Field field : schema.fields()) {
      columns.add(
          new CatalogueTable.Column(
              field.name(), SqlTypes.of(field.type(), planner.types()), null));
    }
    Map<String, String> options = new LinkedHashMap<>();
    options.put("connector", connector.name());
    connector.options().forEach((option, value) -> options.put(option, String.valueOf(value)));
    catalogue.add(
        new CatalogueTable(
            name, columns, null, key, options, SqlText.of("-- kept by the server: " + name)));
  }

  @Override
  public void forget(String name) {
    boolean unused = catalogue.dropTable(name);
  }

  private SqlOutcome outcome(Statement statement, SqlText text) {
    if (statement instanceof Statement.CreateTable create) {
      return create(create, text);
    }
    if (statement instanceof Statement.CreateView create) {
      return create(create, text);
    }
    if (statement instanceof Statement.CreateFunction create) {
      return create(create);
    }
    if (statement instanceof Statement.CreateSqlFunction create) {
      return create(create);
    }
    if (statement instanceof Statement.DropFunction drop) {
      return drop(drop);
    }
    if (statement instanceof Statement.CreateMaterializedView create) {
      return create(create);
    }
    if (statement instanceof Statement.Drop drop) {
      return drop(drop);
    }
    if (statement instanceof Statement.Insert insert) {
      return job(List.of(insert));
    }
    if (statement instanceof Statement.StatementSet set) {
      return job(set.inserts());
    }
    if (statement instanceof Statement.Query query) {
      return query(query);
    }
    if (statement instanceof Statement.Explain explain) {
      return explanation(explain, text);
    }
    if (statement instanceof Statement.Show show) {
      return show(show);
    }
    if (statement instanceof Statement.ShowCreate show) {
      return showCreate(show);
    }
    if (statement instanceof Statement.Describe describe) {
      return describe(describe);
    }
    return set((Statement.Set) statement);
  }

  private SqlOutcome create(Statement.CreateTable create, SqlText text) {
    if (create.ifNotExists() && catalogue.has(create.name())) {
      return new SqlOutcome.Done("'" + create.name() + "' is there already.");
    }
    catalogue.add(new TableDefinitions(planner).table(create, text));
    return new SqlOutcome.Done("Table '" + create.name() + "' is created.");
  }

  private SqlOutcome create(Statement.CreateView create, SqlText text) {
    if (create.ifNotExists() && catalogue.has(create.name())) {
      return new SqlOutcome.Done("'" + create.name() + "' is there already.");
    }
    RelDataType rowType = planner.rowType(create.query());
    if (!create.columns().isEmpty() && create.columns().size() != rowType.getFieldCount()) {
      throw FluxCoreException.user(
          "FLX-QUERY-0017",
          Place.of("view '" + create.name() + "'"),
          "its query gives "
              + rowType.getFieldCount()
              + " columns "
              + rowType.getFieldNames()
              + ", and "
              + create.columns().size()
              + " are named",
          "name as many as the query gives");
    }
    catalogue.add(
        new CatalogueView(
            create.name(),
            create.columns(),
            create.query(),
            planner.renamed(rowType, create.columns()),
            text),
        create.orReplace());
    return new SqlOutcome.Done("View '" + create.name() + "' is created.");
  }

  private SqlOutcome create(Statement.CreateFunction create) {
    if (create.ifNotExists() && catalogue.function(create.name()) != null) {
      return new SqlOutcome.Done("'" + create.name() + "' is there already.");
    }
    catalogue.add(CatalogueUserFunction.of(create.name(), create.className()));
    return new SqlOutcome.Done("Function '" + create.name() + "' is created.");
  }

  private SqlOutcome create(Statement.CreateSqlFunction create) {
    if (create.ifNotExists() && catalogue.function(create.name()) != null) {
      return new SqlOutcome.Done("'" + create.name() + "' is there already.");
    }
    List<CatalogueTable.Column> parameters = new ArrayList<>();
    for (Statement.Column parameter : create.parameters()) {
      parameters.add(
          new CatalogueTable.Column(
              parameter.name(), planner.type(Objects.requireNonNull(parameter.type())), null));
    }
    UserMacro macro =
        new UserMacro(
            create.name(),
            parameters.stream().map(CatalogueTable.Column::type).toList(),
            planner.type(create.returns()),
            planner.expression(parameters, create.body()));
    catalogue.add(new CatalogueUserFunction(create.name(), null, macro));
    return new SqlOutcome.Done("Function '" + create.name() + "' is created.");
  }

  private SqlOutcome drop(Statement.DropFunction drop) {
    boolean wasThere = catalogue.dropFunction(drop.name());
    if (!wasThere && !drop.ifExists()) {
      throw FluxCoreException.user(
          "FLX-QUERY-0020",
          Place.of("function '" + drop.name() + "'"),
          "no function '" + drop.name() + "' was created",
          "SHOW USER FUNCTIONS lists those that were; or write IF EXISTS");
    }
    return new SqlOutcome.Done(
        wasThere ? "'" + drop.name() + "' is dropped." : "There was no '" + drop.name() + "'.");
  }

  private SqlOutcome create(Statement.CreateMaterializedView create) {
    SqlOutcome.Query query = query(named(create));
    for (String key : create.primaryKey()) {
      if (!query.columns().contains(key)) {
        throw FluxCoreException.user(
            "FLX-QUERY-0019",
            Place.of("view '" + create.name() + "'"),
            "the primary key has '" + key + "', which is no column",
            NearestName.remedy(key, query.columns(), "columns are"));
      }
    }
    return new SqlOutcome.MaterializedView(
        create.name(),
        create.ifNotExists(),
        query.topology(),
        query.output(),
        query.columns(),
        create.primaryKey(),
        settings);
  }

  /** The query with the names that the view gives to its columns. */
  private static Statement.Query named(Statement.CreateMaterializedView create) {
    Statement.Query query = create.query();
    if (create.columns().isEmpty()) {
      return query;
    }
    String before = "SELECT * FROM (";
    SqlText text =
        new SqlText(
            before
                + query.text()
                + "\n) AS `"
                + create.name()
                + "` (`"
                + String.join("`, `", create.columns())
                + "`)",
            query.text().line(),
            query.text().column() - before.length());
    return new Statement.Query(text, query.emit());
  }

  private SqlOutcome drop(Statement.Drop drop) {
    if (drop.kind() == Statement.Drop.Kind.MATERIALIZED_VIEW) {
      return new SqlOutcome.DropMaterializedView(drop.name(), drop.ifExists());
    }
    boolean wasThere =
        drop.kind() == Statement.Drop.Kind.TABLE
            ? catalogue.dropTable(drop.name())
            : catalogue.dropView(drop.name());
    String kind = drop.kind() == Statement.Drop.Kind.TABLE ? "table" : "view";
    if (!wasThere && !drop.ifExists()) {
      throw FluxCoreException.user(
          "FLX-QUERY-0020",
          Place.of(kind + " '" + drop.name() + "'"),
          "there is no " + kind + " '" + drop.name() + "'",
          NearestName.remedy(drop.name(), tables(), "there are") + "; or write IF EXISTS");
    }
    return new SqlOutcome.Done(
        wasThere ? "'" + drop.name() + "' is dropped." : "There was no '" + drop.name() + "'.");
  }

  private SqlOutcome job(List<Statement.Insert> inserts) {
    TopologyTranslation translation = translation();
    for (Statement.Insert insert : inserts) {
      CatalogueTable table = catalogue.requireTable(insert.table());
      RelRoot rows = planner.plan(insert.query().text());
      translation.insert(rows, windows(insert.query()), table, insert.columns());
    }
    translation.writeLate();
    return new SqlOutcome.Job(translation.topology(), settings);
  }

  private SqlOutcome.Query query(Statement.Query query) {
    TopologyTranslation translation = translation();
    RelRoot rows = planner.plan(query.text());
    String output = translation.select(rows, windows(query));
    return new SqlOutcome.Query(
        translation.topology(),
        output,
        rows.fields.stream().map(Map.Entry::getValue).toList(),
        settings);
  }

  private TopologyTranslation translation() {
    Duration life = SqlJobSettings.stateTimeToLive(settings);
    return new TopologyTranslation(
        planner, life == null ? null : TimeToLive.ofProcessingTime(life));
  }

  private UnaryOperator<WindowConfig> windows(Statement.Query query) {
    return new Emission(planner).settings(query.emit());
  }

  private SqlOutcome explanation(Statement.Explain explain, SqlText text) {
    SqlOutcome outcome = outcome(explain.statement(), text);
    if (outcome instanceof SqlOutcome.Job job) {
      return new SqlOutcome.Explanation(job.topology(), null, settings, explain.runFor());
    }
    if (outcome instanceof SqlOutcome.Query query) {
      return new SqlOutcome.Explanation(
          query.topology(), query.output(), settings, explain.runFor());
    }
    if (outcome instanceof SqlOutcome.MaterializedView view) {
      return new SqlOutcome.Explanation(view.topology(), view.output(), settings, explain.runFor());
    }
    throw FluxCoreException.user(
        "FLX-QUERY-0018",
        text.placeOf(0),
        "only queries, inserts and materialised views can be explained",
        "write EXPLAIN SELECT … or EXPLAIN INSERT INTO …");
  }

  private SqlOutcome show(Statement.Show show) {
    return switch (show.kind()) {
      case TABLES ->
          listing("table name", catalogue.tables().stream().map(CatalogueTable::name).toList());
      case VIEWS ->
          listing("view name", catalogue.views().stream().map(CatalogueView::name).toList());
      case USER_FUNCTIONS ->
          listing(
              "function name",
              catalogue.functions().stream().map(CatalogueUserFunction::name).toList());
      case FUNCTIONS ->
          listing("function name", List.copyOf(StreamOperators.names(planner.operators())));
      case MATERIALIZED_VIEWS -> new SqlOutcome.ShowMaterializedViews();
    };
  }

  private static SqlOutcome listing(String column, List<String> names) {
    return new SqlOutcome.Listing(List.of(column), names.stream().map(List::of).toList());
  }

  private SqlOutcome showCreate(Statement.ShowCreate show) {
    CatalogueView view = catalogue.view(show.name());
    SqlText text = view != null ? view.text() : catalogue.requireTable(show.name()).text();
    return new SqlOutcome.Listing(List.of("statement"), List.of(List.of(text.text())));
  }

  private SqlOutcome describe(Statement.Describe describe) {
    List<List<String>> rows = new ArrayList<>();
    CatalogueView view = catalogue.view(describe.name());
    if (view != null) {
      for (RelDataTypeField field : view.rowType().getFieldList()) {
        rows.add(List.of(field.getName(), SqlTypes.written(field.getType()), "", ""));
      }
    } else {
      CatalogueTable table = catalogue.requireTable(describe.name());
      Statement.Watermark watermark = table.watermark();
      for (CatalogueTable.Column column : table.columns()) {
        List<String> extras = new ArrayList<>();
        SqlText expression = column.expression();
        if (expression != null) {
          extras.add("AS " + expression);
        }
        if (watermark != null && watermark.column().equals(column.name())) {
          extras.add("WATERMARK FOR " + watermark.column() + " AS " + watermark.expression());
        }
        rows.add(
            List.of(
                column.name(),
                SqlTypes.written(column.type()),
                table.primaryKey().contains(column.name()) ? "PRIMARY KEY" : "",
                String.join(", ", extras)));
      }
    }
    return new SqlOutcome.Listing(List.of("name", "type", "key", "extras"), rows);
  }

  private SqlOutcome set(Statement.Set set) {
    String key = set.key();
    String value = set.value();
    if (key == null || value == null) {
      List<List<String>> rows = new ArrayList<>();
      settings.forEach((name, of) -> rows.add(List.of(name, of)));
      return new SqlOutcome.Listing(List.of("setting", "value"), rows);
    }
    SqlJobSettings.check(key, value);
    Map<String, String> changed = new LinkedHashMap<>(settings);
    changed.put(key, value);
    useZone(SqlJobSettings.timeZone(changed));
    settings.put(key, value);
    return new SqlOutcome.Done("'" + key + "' is '" + value + "'.");
  }

  /** The columns of views may be of other types in another zone. */
  private void useZone(@Nullable ZoneId zone) {
    QueryPlanner changed = planner.in(zone);
    if (Objects.equals(planner.zone(), zone)) {
      return;
    }
    for (CatalogueView view : List.copyOf(catalogue.views())) {
      RelDataType rowType = changed.renamed(changed.rowType(view.query()), view.columns());
      catalogue.add(
          new CatalogueView(view.name(), view.columns(), view.query(), rowType, view.text()), true);
    }
    planner = changed;
  }
}
