package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.infrastructure.sql.catalogue.CatalogueTable;
import io.fluxcore.infrastructure.sql.catalogue.SqlTypes;
import io.fluxcore.infrastructure.sql.catalogue.StreamOperators;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Translates relational operators into nodes of one topology: what several queries of it have in
 * common is there once. Not thread-safe.
 */
public final class TopologyTranslation {
  private final Draft draft;
  private final Tables tables;
  private final Set<String> lookups;
  private final @Nullable ZoneId zone;
  private UnaryOperator<WindowConfig> windows = UnaryOperator.identity();
  private final Map<String, Relation> done = new HashMap<>();

  /**
   * A translation into a topology that has nothing yet.
   *
   * @param stateLife how long what grows without a bound is kept; null: for ever
   */
  public TopologyTranslation(QueryPlanner planner, @Nullable TimeToLive stateLife) {
    this.draft = new Draft(stateLife);
    this.tables = new Tables(planner, draft);
    this.zone = planner.zone();
    this.lookups = planner.context().lookups();
  }

  public StreamTopology topology() {
    return draft.build();
  }

  /** Has the rows that come too late written where their tables say, after all inserts. */
  public void writeLate() {
    tables.writeLate();
  }

  /**
   * Has the rows of a query written into a table.
   *
   * @param ofWindows what is said of all its windows, such as when they give results
   */
  public void insert(
      RelRoot query,
      UnaryOperator<WindowConfig> ofWindows,
      CatalogueTable table,
      List<String> columns) {
    Relation rows = result(query, ofWindows);
    tables.write(rows, query, table, columns);
  }

  /**
   * Has the rows of a query be computed, for somebody to read.
   *
   * @return the node that gives them, with the names of the query's columns
   */
  public String select(RelRoot query, UnaryOperator<WindowConfig> ofWindows) {
    Relation rows = result(query, ofWindows);
    List<Column> named = rows.columns().stream().map(c -> c.withRole(Role.VALUE)).toList();
    String output = draft.asFields(rows.withColumns(named), Names.of(query)).output();
    draft.end(output);
    return output;
  }

  /** The rows of a query, each column as its type says. */
  private Relation result(RelRoot query, UnaryOperator<WindowConfig> ofWindows) {
    if (windows != ofWindows) {
      done.clear(); // what is in common is there once only where windows are the same
    }
    windows = ofWindows;
    Relation rows = WindowCalls.assigned(relation(query.rel), draft);
    List<RelDataTypeField> fields = query.rel.getRowType().getFieldList();
    List<Column> columns = new ArrayList<>();
    query.fields.forEach(
        field -> {
          RelDataTypeField of = fields.get(field.getKey());
          columns.add(asValue(rows.column(field.getKey()), of));
        });
    return rows.withColumns(columns);
  }

  /** As a value of the type that SQL says. */
  static Column asValue(Column column, RelDataTypeField field) {
    if (column.isVirtual()) {
      throw Unsupported.of(
          "column '"
              + field.getName()
              + "' is "
              + (column.role() == Role.PROCESSING_TIME
                  ? "a processing time, which has no value of its own"
                  : "a bound of a window that has not been used"),
          column.role() == Role.PROCESSING_TIME
              ? "leave it out of the result"
              : "group by window_start and window_end");
    }
    DataType type =
        field.getType().getSqlTypeName() == SqlTypeName.ANY
            ? column.type()
            : SqlTypes.held(field.getType());
    return new Column(
        RexText.typed(column.expression(), column.type(), field.getType()), type, column.role());
  }

  private Relation relation(RelNode rel) {
    String digest = RelOptUtil.toString(rel) + types(rel);
    Relation known = done.get(digest);
    if (known == null) {
      known = translated(rel);
      done.put(digest, known);
    }
    return known;
  }

  /** Of all columns in it: rows of no tables are alike without. And what hints say of tables. */
  private static String types(RelNode rel) {
    StringBuilder types = new StringBuilder(rel.getRowType().getFullTypeString());
    if (rel instanceof TableScan scan) {
      types.append(scan.getHints());
    }
    rel.getInputs().forEach(input -> types.append(types(input)));
    return types.toString();
  }

  private Relation translated(RelNode rel) {
    if (rel instanceof TableScan scan) {
      return tables.read(scan);
    }
    if (rel instanceof Filter filter) {
      return filter(filter);
    }
    if (rel instanceof Project project) {
      return project(project);
    }
    if (StateHints.isOne(rel)) {
      return relation(rel.getInput(0));
    }
    if (rel instanceof TableFunctionScan function) {
      return WindowCalls.of(relation(function.getInput(0)), function, windows, draft);
    }
    if (rel instanceof Aggregate aggregate) {
      return new Aggregates(draft, aggregate).translate(relation(aggregate.getInput()));
    }
    if (rel instanceof Join join && VersionedJoins.isOne(join)) {
      return versioned(rel).translate(join);
    }
    if (rel instanceof AsofJoin join) {
      return new AsOfJoins(draft, builder(rel))
          .translate(join, relation(join.getLeft()), relation(join.getRight()));
    }
    if (rel instanceof Join join && Unnests.isOne(join)) {
      return new Unnests(draft, builder(rel)).translate(join, relation(join.getLeft()));
    }
    if (rel instanceof Join join) {
      SingleRows single = new SingleRows(draft, builder(rel));
      if (single.isOne(join)) {
        return single.translate(join, relation(join.getLeft()), relation(join.getRight()));
      }
      return new Joins(draft, builder(rel))
          .translate(join, relation(join.getLeft()), relation(join.getRight()));
    }
    if (rel instanceof Correlate correlate && Unnests.isOne(correlate)) {
      return new Unnests(draft, builder(rel)).translate(correlate, relation(correlate.getLeft()));
    }
    if (rel instanceof Uncollect uncollect) {
      return new Unnests(draft, builder(rel)).translate(uncollect, relation(uncollect.getInput()));
    }
    if (rel instanceof Correlate correlate) {
      return versioned(rel).translate(correlate);
    }
    if (rel instanceof Union union && union.all) {
      return union(union);
    }
    if (rel instanceof SetOp set) {
      return new Sets(draft).translate(set, set.getInputs().stream().map(this::relation).toList());
    }
    if (rel instanceof Sort sort) {
      return new Ranks(draft, builder(rel), this::projected)
          .translate(sort, relation(sort.getInput()));
    }
    if (rel instanceof RowMatch match) {
      return new Matches(draft, builder(rel)).translate(match, relation(match.getInput()));
    }
    if (rel instanceof Values values) {
      return tables.values(values);
    }
    throw Unsupported.of(
        rel.getRelTypeName().replace("Logical", "").toUpperCase(Locale.ROOT)
            + " cannot be run on streams",
        "see docs/sql.md for what can");
  }

  private VersionedJoins versioned(RelNode rel) {
    return new VersionedJoins(
        draft, builder(rel), this::relation, new Lookups(draft, builder(rel), lookups));
  }

  private static RexBuilder builder(RelNode rel) {
    return rel.getCluster().getRexBuilder();
  }

  private Relation filter(Filter filter) {
    Relation ranked = ranked(filter, true);
    if (ranked != null) {
      return ranked;
    }
    Relation input = relation(filter.getInput());
    RexNode condition = filter.getCondition();
    if (input.windows() != null && usesVirtual(input, List.of(condition))) {
      input = WindowCalls.assigned(input, draft);
    }
    String text = RexText.withWatermark(input.columns(), builder(filter)).text(condition);
    boolean asksLater = input.find(Role.CHANGE_TIME) >= 0 && !RexUtil.isDeterministic(condition);
    return asksLater ? filteredOnce(input, text) : draft.filter(input, text);
  }

  /**
   * Rows for which a condition was true when they came, which may be otherwise when they are taken
   * back: it is a field of theirs.
   */
  private Relation filteredOnce(Relation input, String condition) {
    List<Column> columns = new ArrayList<>(input.columns());
    columns.add(new Column(condition, DataType.BOOLEAN, Role.VALUE));
    Relation judged = draft.asFields(input.withColumns(columns));
    Relation kept = draft.filter(judged, judged.column(columns.size() - 1).expression());
    return kept.withColumns(kept.columns().subList(0, input.columns().size()));
  }

  private static boolean usesVirtual(Relation input, List<RexNode> expressions) {
    for (int ordinal : RelOptUtil.InputFinder.bits(expressions, null)) {
      if (input.column(ordinal).isVirtual()
          && input.column(ordinal).role() != Role.PROCESSING_TIME) {
        return true;
      }
    }
    return false;
  }

  /**
   * The first rows in an order, where a filter over row numbers says so; otherwise null.
   *
   * @param givesRank whether anybody looks at the rank
   */
  private @Nullable Relation ranked(Filter filter, boolean givesRank) {
    return filter.getInput() instanceof Project project && project.containsOver()
        ? new Ranks(draft, builder(filter), this::projected)
            .translate(filter, project, () -> relation(project.getInput()), givesRank)
        : null;
  }

  private Relation project(Project project) {
    Relation input = null;
    if (project.getInput() instanceof Filter filter
        && filter.getInput() instanceof Project inner
        && inner.containsOver()) {
      ImmutableBitSet used = RelOptUtil.InputFinder.bits(project.getProjects(), null);
      boolean givesRank =
          used.asList().stream().anyMatch(i -> RexOver.containsOver(inner.getProjects().get(i)));
      input = ranked(filter, givesRank);
    }
    if (input == null) {
      input = relation(project.getInput());
    }
    if (project.containsOver()) {
      return new Overs(draft, builder(project), this::projected).translate(project, input);
    }
    return projected(
        project.getProjects(), project.getRowType().getFieldNames(), input, builder(project));
  }

  private Relation projected(
      List<RexNode> expressions, List<String> names, Relation rows, RexBuilder rexBuilder) {
    Relation from = rows.windows() == null ? GroupWindows.timed(expressions, rows, draft) : rows;
    List<RexNode> computed =
        expressions.stream().filter(expression -> !(expression instanceof RexInputRef)).toList();
    List<Column> kept =
        expressions.stream()
            .filter(RexInputRef.class::isInstance)
            .map(ref -> from.column(((RexInputRef) ref).getIndex()))
            .toList();
    boolean isAssigned =
        from.windows() != null
            && (usesVirtual(from, computed) || WindowCalls.losesSessionKeys(from, kept));
    Relation input = isAssigned ? WindowCalls.assigned(from, draft) : from;
    RexText texts = RexText.withWatermark(input.columns(), rexBuilder);
    List<Column> columns = new ArrayList<>();
    boolean isPlain = true;
    WindowConfig grouped = input.windows();
    for (RexNode expression : expressions) {
      Column bound = GroupWindows.bound(expression, input.columns());
      if (bound != null) {
        isPlain &= bound.isVirtual() || bound.fieldName() != null;
        columns.add(bound);
      } else if (GroupWindows.isWindow(expression)) {
        grouped = GroupWindows.windows((RexCall) expression, input, windows, zone);
        columns.add(new Column("", DataType.TIMESTAMP_TZ, Role.GROUP_WINDOW));
      } else if (expression instanceof RexInputRef ref) {
        columns.add(input.column(ref.getIndex()));
      } else if (isProcessingTime(expression)) {
        columns.add(new Column("", DataType.TIMESTAMP_TZ, Role.PROCESSING_TIME));
      } else {
        isPlain = false;
        columns.add(
            new Column(texts.text(expression), Tables.held(expression.getType()), Role.VALUE));
      }
    }
    Relation result = new Relation(input.output(), columns, grouped);
    return isPlain ? result : draft.asFields(result, names);
  }

  private static boolean isProcessingTime(RexNode expression) {
    return expression instanceof RexCall call
        && call.getOperator().equals(StreamOperators.PROCTIME);
  }

  private Relation union(Union union) {
    List<Relation> inputs =
        union.getInputs().stream()
            .map(input -> WindowCalls.assigned(relation(input), draft))
            .toList();
    return draft.united(inputs, union.getRowType().getFieldList());
  }

  /** The conjunction's terms. */
  static List<RexNode> terms(RexNode condition) {
    return RelOptUtil.conjunctions(condition);
  }

  static Map<String, String> fields(Relation input) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (Column column : input.columns()) {
      String name = column.fieldName();
      if (name != null) {
        fields.put(name, column.expression());
      }
    }
    return fields;
  }
}
