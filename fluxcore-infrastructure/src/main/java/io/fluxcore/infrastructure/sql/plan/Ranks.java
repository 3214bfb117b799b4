package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.rank.WholeOrder;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.DeduplicateConfig;
import io.fluxcore.domain.topology.OrderConfig;
import io.fluxcore.domain.topology.SortBuilder;
import io.fluxcore.domain.topology.TopNConfig;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Rows in an order, all or the first of them: row numbers with a bound, orders, limits. */
final class Ranks {
  private final Draft draft;
  private final RexBuilder builder;
  private final Projection projection;

  Ranks(Draft draft, RexBuilder builder, Projection projection) {
    this.draft = draft;
    this.builder = builder;
    this.projection = projection;
  }

  /** The rows whose numbers a filter wants; null if it does not bound the one number there is. */
  @Nullable Relation translate(
      Filter filter, Project project, Supplier<Relation> from, boolean givesRank) {
    RexOver number = onlyNumber(project);
    if (number == null) {
      return null;
    }
    Bounds bounds = new Bounds();
    List<RexNode> others = new ArrayList<>();
    RexNode condition = RexUtil.expandSearch(builder, null, filter.getCondition());
    for (RexNode term : TopologyTranslation.terms(condition)) {
      if (!bounds.take(term, project)) {
        others.add(term);
      }
    }
    if (bounds.to == Long.MAX_VALUE) {
      return null;
    }
    boolean isRankUsed = givesRank || usesNumber(others, project);
    Relation ranked = ranked(number, bounds, from.get(), isRankUsed);
    int rank = ranked.columns().size() - 1;
    List<RexNode> expressions = new ArrayList<>();
    for (RexNode expression : project.getProjects()) {
      expressions.add(withRank(expression, isRankUsed ? rank : -1));
    }
    Relation result =
        projection.of(expressions, project.getRowType().getFieldNames(), ranked, builder);
    return others.isEmpty()
        ? result
        : draft.filter(
            result,
            new RexText(result.columns(), builder)
                .text(RexUtil.composeConjunction(builder, others)));
  }

  /** The row number, if the projection has no other function over rows. */
  private static @Nullable RexOver onlyNumber(Project project) {
    RexOver found = null;
    for (RexNode expression : project.getProjects()) {
      if (!RexOver.containsOver(expression)) {
        continue;
      }
      if (!(expression instanceof RexOver over)
          || over.getAggOperator().getKind() != SqlKind.ROW_NUMBER
          || (found != null && !found.equals(over))) {
        return null;
      }
      found = over;
    }
    return found;
  }

  private static boolean usesNumber(List<RexNode> terms, Project project) {
    return RelOptUtil.InputFinder.bits(terms, null).asList().stream()
        .anyMatch(i -> RexOver.containsOver(project.getProjects().get(i)));
  }

  private RexNode withRank(RexNode expression, int rank) {
    return expression.accept(
        new RexShuttle() {
          @Override
          public RexNode visitOver(RexOver over) {
            return rank < 0
                ? builder.makeNullLiteral(over.getType())
                : builder.makeInputRef(over.getType(), rank);
          }
        });
  }

  /** Bounds of row numbers. */
  private static final class Bounds {
    private long from = 1;
    private long to = Long.MAX_VALUE;

    /** Whether a term bounds the number. */
    boolean take(RexNode term, Project project) {
      if (!(term instanceof RexCall call) || call.getOperands().size() != 2) {
        return false;
      }
      boolean isFirst = isNumber(call.getOperands().get(0), project);
      if (!isFirst && !isNumber(call.getOperands().get(1), project)) {
        return false;
      }
      Long value = constant(call.getOperands().get(isFirst ? 1 : 0));
      SqlKind kind = isFirst ? call.getKind() : call.getKind().reverse();
      if (value == null) {
        return false;
      }
      switch (kind) {
        case EQUALS -> {
          from = Math.max(from, value);
          to = Math.min(to, value);
        }
        case LESS_THAN -> to = Math.min(to, value - 1);
        case LESS_THAN_OR_EQUAL -> to = Math.min(to, value);
        case GREATER_THAN -> from = Math.max(from, value + 1);
        case GREATER_THAN_OR_EQUAL -> from = Math.max(from, value);
        default -> {
          return false;
        }
      }
      return true;
    }

    private static boolean isNumber(RexNode node, Project project) {
      return node instanceof RexInputRef ref
          && RexOver.containsOver(project.getProjects().get(ref.getIndex()));
    }

    private static @Nullable Long constant(RexNode node) {
      if (!(node instanceof RexLiteral literal)) {
        return null;
      }
      BigDecimal value = literal.getValueAs(BigDecimal.class);
      return value == null ? null : (Long) value.longValue();
    }
  }

  private Relation ranked(RexOver number, Bounds bounds, Relation from, boolean givesRank) {
    Relation assigned = WindowCalls.assigned(from, draft);
    List<RexNode> keys = number.getWindow().partitionKeys;
    if (ZonedWindowEnds.areAmong(keys, assigned)) {
      ZonedWindowEnds ends = new ZonedWindowEnds(draft, assigned);
      return ends.without(ranked(number, bounds, ends.with(), ends.keys(keys, builder), givesRank));
    }
    return ranked(number, bounds, assigned, keys, givesRank);
  }

  private Relation ranked(
      RexOver number, Bounds bounds, Relation input, List<RexNode> keys, boolean givesRank) {
    List<RexFieldCollation> order = number.getWindow().orderKeys;
    List<RexNode> expressions = new ArrayList<>(keys);
    order.forEach(by -> expressions.add(by.left));
    Draft.Extended extended = draft.extended(input, expressions, builder);
    List<String> key = extended.names(0, keys.size());
    int first = order.isEmpty() ? -1 : extended.ordinals().get(keys.size());
    boolean isByClock =
        order.size() == 1 && extended.relation().column(first).role() == Role.PROCESSING_TIME;
    if (isByClock && bounds.from == 1 && bounds.to == 1 && !givesRank) {
      return deduplicated(extended.relation(), key, order.get(0));
    }
    if (isByClock) {
      throw Unsupported.of(
          "rows in the order of a processing time can be ranked for the first or last one only",
          "write WHERE number = 1, or order by a column of the record");
    }
    boolean isPerWindow =
        hasWindow(extended.relation(), extended.ordinals().subList(0, keys.size()));
    boolean isLatest =
        order.size() == 1
            && order.get(0).getDirection().isDescending()
            && extended.relation().column(first).role() == Role.EVENT_TIME;
    if (isLatest && bounds.from == 1 && bounds.to == 1 && !givesRank && !isPerWindow) {
      // of those with the same time the one that came last, as in Flink
      return withoutTime(deduplicated(extended.relation(), key, order.get(0)));
    }
    List<SortField> sort = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      RexFieldCollation by = order.get(i);
      String field = extended.names(keys.size() + i, keys.size() + i + 1).get(0);
      sort.add(sortField(field, by.getDirection().isDescending(), by.getNullDirection()));
    }
    return top(extended.relation(), key, sort, bounds.from, bounds.to, givesRank, isPerWindow);
  }

  private static boolean hasWindow(Relation relation, List<Integer> keys) {
    return keys.stream()
        .anyMatch(
            i ->
                (relation.column(i).role() == Role.RESULT_END
                        || relation.column(i).role() == Role.ASSIGNED_END)
                    && Objects.equals(relation.column(i).fieldName(), AggregateConfig.WINDOW_END));
  }

  private Relation deduplicated(Relation input, List<String> key, RexFieldCollation by) {
    DeduplicateConfig.Builder config =
        by.getDirection().isDescending() ? DeduplicateConfig.last() : DeduplicateConfig.first();
    if (draft.stateLife() != null) {
      config.within(draft.stateLife());
    }
    return input.withOutput(
        draft.operator(
            "deduplicate", config.withKey(key.toArray(String[]::new)).build(), input.output()));
  }

  /** Rows that take the place of others do not come in the order of their times. */
  private static Relation withoutTime(Relation rows) {
    return rows.withColumns(
        rows.columns().stream()
            .map(column -> column.role() == Role.EVENT_TIME ? column.withRole(Role.VALUE) : column)
            .toList());
  }

  private Relation top(
      Relation input,
      List<String> key,
      List<SortField> order,
      long from,
      long to,
      boolean givesRank,
      boolean isPerWindow) {
    if (from > to) {
      Relation none = draft.filter(input, "false");
      List<Column> columns = new ArrayList<>(none.columns());
      if (givesRank) {
        columns.add(new Column("cast(null as long)", DataType.LONG, Role.VALUE));
      }
      return none.withColumns(columns);
    }
    List<SortField> by = telling(order, key);
    Relation rows = input;
    if (by.isEmpty()) { // those that came first
      rows = draft.withConstant(input);
      by = List.of(SortField.ascending(rows.fieldNames(List.of(input.columns().size())).get(0)));
    }
    Set<String> taken = new TreeSet<>(TopologyTranslation.fields(rows).keySet());
    String rank = givesRank ? Draft.unused("rank", taken) : null;
    TopNConfig config =
        new TopNConfig(
            distinct(key),
            by,
            from,
            to,
            rank,
            isPerWindow,
            isPerWindow ? null : draft.stateLife(),
            null);
    List<Column> columns = new ArrayList<>();
    for (Column column : rows.columns().subList(0, input.columns().size())) {
      boolean keepsTime =
          isPerWindow || (column.role() != Role.EVENT_TIME && column.role() != Role.CHANGE_TIME);
      columns.add(keepsTime ? column : column.withRole(Role.VALUE));
    }
    if (rank != null) {
      columns.add(Column.field(rank, DataType.LONG));
    }
    return new Relation(draft.operator("top", config, rows.output()), columns, null);
  }

  private static List<String> distinct(List<String> key) {
    return List.copyOf(new LinkedHashSet<>(key));
  }

  /** Without what is the same for all rows that are compared, or has been compared before. */
  private static List<SortField> telling(List<SortField> order, List<String> key) {
    Set<String> known = new TreeSet<>(key);
    return order.stream().filter(field -> known.add(field.name())).toList();
  }

  static SortField sortField(
      String name, boolean descending, RelFieldCollation.NullDirection nulls) {
    SortField field = new SortField(name, descending);
    return switch (nulls) {
      case FIRST -> field.withNullsFirst(true);
      case LAST -> field.withNullsFirst(false);
      case UNSPECIFIED -> field;
    };
  }

  /** An order, a limit, or both. */
  Relation translate(Sort sort, Relation from) {
    Relation input = WindowCalls.assigned(from, draft);
    List<RelFieldCollation> collations = sort.getCollation().getFieldCollations();
    if (sort.fetch == null && sort.offset == null && collations.isEmpty()) {
      return input;
    }
    List<Integer> ordinals = collations.stream().map(RelFieldCollation::getFieldIndex).toList();
    Relation fields = draft.withFields(input, ordinals);
    List<SortField> order = new ArrayList<>();
    for (RelFieldCollation by : collations) {
      order.add(
          sortField(
              fields.fieldNames(List.of(by.getFieldIndex())).get(0),
              by.getDirection().isDescending(),
              by.nullDirection));
    }
    if (sort.fetch == null && sort.offset == null) {
      return sorted(fields, collations, order);
    }
    long skipped = sort.offset == null ? 0 : value(sort.offset);
    if (sort.fetch == null) {
      return whole(fields, order, skipped + 1);
    }
    return top(fields, List.of(), order, skipped + 1, skipped + value(sort.fetch), false, false);
  }

  private static long value(RexNode node) {
    BigDecimal value = ((RexLiteral) node).getValueAs(BigDecimal.class);
    return value == null ? 0 : value.longValueExact();
  }

  private Relation sorted(
      Relation input, List<RelFieldCollation> collations, List<SortField> order) {
    Role first = input.column(collations.get(0).getFieldIndex()).role();
    if (first == Role.PROCESSING_TIME) {
      return input;
    }
    if (first != Role.EVENT_TIME || order.get(0).descending()) {
      return whole(input, order, 1);
    }
    SortBuilder config = TransformConfig.sort();
    order.subList(1, order.size()).forEach(config::thenBy);
    return input.withOutput(draft.transform("sort", config.build(), input.output()));
  }

  /** All rows in an order, once their input has ended. */
  private Relation whole(Relation input, List<SortField> order, long from) {
    OrderConfig config =
        new OrderConfig(telling(order, List.of()), from, WholeOrder.DEFAULT_MAX_ROWS, null);
    return input.withOutput(draft.operator("order", config, input.output()));
  }
}
