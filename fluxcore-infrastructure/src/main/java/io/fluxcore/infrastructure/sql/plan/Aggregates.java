package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Accumulation;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Groups: by the bounds of windows, results leave when a window closes; else they are a changelog.
 * Grouping sets are aggregates of their own whose rows are united.
 */
final class Aggregates {
  /** The window of rows of one time. */
  private static final WindowConfig SAME_TIME =
      WindowConfig.tumbling().withDuration(Duration.ofMillis(1)).build();

  private final Draft draft;
  private final Aggregate aggregate;
  private final AggregateColumns ofCalls;

  Aggregates(Draft draft, Aggregate aggregate) {
    this.draft = draft;
    this.aggregate = aggregate;
    this.ofCalls = new AggregateColumns(aggregate);
  }

  /** Whether there is a function of distinct values that would count each of them again. */
  static boolean needsDistinctRows(Aggregate aggregate) {
    return aggregate.getGroupType() == Aggregate.Group.SIMPLE
        && aggregate.getAggCallList().stream()
            .anyMatch(
                call ->
                    call.isDistinct()
                        && !call.hasFilter()
                        && !call.hasCollation() // lists in an order have each value once themselves
                        && AggregateFunctions.isSensitive(call.getAggregation().getName()));
  }

  Relation translate(Relation from) {
    boolean isOfWindow =
        aggregate.getGroupSet().asList().stream().anyMatch(i -> isBound(from.column(i)))
            && aggregate.getAggCallList().stream()
                .filter(call -> !GroupWindows.isBound(call.getAggregation().getName()))
                .flatMap(call -> call.getArgList().stream())
                .noneMatch(i -> isBound(from.column(i)))
            && aggregate.getGroupSets().stream()
                .noneMatch(set -> WindowCalls.areSessionsOfOthers(from, set));
    Relation input =
        withFields(ofCalls.withLists(isOfWindow ? from : WindowCalls.assigned(from, draft)));
    if (isOfResults(input)) {
      return ofResults(input);
    }
    List<ImmutableBitSet> sets = aggregate.getGroupSets();
    if (sets.size() == 1) {
      return of(input, sets.get(0));
    }
    return draft.united(
        sets.stream().map(set -> of(input, set)).toList(), aggregate.getRowType().getFieldList());
  }

  private @Nullable TimeToLive stateLife() {
    StateHints.Life hinted = StateHints.of(aggregate.getInput());
    return hinted == null ? draft.stateLife() : hinted.life();
  }

  private static boolean isBound(Column column) {
    return column.isVirtual() && column.role() != Role.PROCESSING_TIME;
  }

  /** With what the aggregate looks at as fields. */
  private Relation withFields(Relation from) {
    Relation input = from.windows() == null ? from : withFreeBounds(from);
    Set<Integer> used = new TreeSet<>(aggregate.getGroupSet().asSet());
    used.addAll(ofCalls.used());
    return draft.withFields(input, used);
  }

  /**
   * Whether it is of rows that are results of windows which give one when they close, by these
   * windows: then its own can be given as soon as theirs are.
   */
  private boolean isOfResults(Relation input) {
    return aggregate.getGroupSets().size() == 1
        && aggregate.getGroupSet().asList().stream()
            .anyMatch(
                ordinal ->
                    input.column(ordinal).role() == Role.RESULT_END
                        && !aggregate
                            .getInput()
                            .getRowType()
                            .getFieldList()
                            .get(ordinal)
                            .getType()
                            .isNullable());
  }

  /** The results of a window are of one time, which is all that the window of this aggregate is. */
  private Relation ofResults(Relation input) {
    List<Column> renamed = new ArrayList<>();
    Map<String, String> fields = new LinkedHashMap<>();
    for (Column column : input.columns()) {
      String name = column.fieldName();
      if (name == null) {
        renamed.add(column.isVirtual() ? column : new Column("null", column.type(), Role.VALUE));
        continue;
      }
      String free = Draft.unused("of_" + name, fields.keySet());
      fields.put(free, column.expression());
      renamed.add(Column.field(free, column.type(), column.role()));
    }
    Relation rows = draft.projected(input, fields).withColumns(renamed);
    ImmutableBitSet set = aggregate.getGroupSet();
    Relation results = aggregated(rows, set, SAME_TIME);
    List<Column> columns = new ArrayList<>(results.columns());
    List<Integer> keys = set.asList();
    for (int i = 0; i < keys.size(); i++) { // they are given when the windows below close
      columns.set(i, columns.get(i).withRole(rows.column(keys.get(i)).role()));
    }
    return draft.asFields(results.withColumns(columns), aggregate.getRowType().getFieldNames());
  }

  /** Where a key is called as the bounds of windows are in results, under another name. */
  private Relation withFreeBounds(Relation input) {
    List<Column> columns = new ArrayList<>(input.columns());
    boolean isTaken = false;
    for (int ordinal : aggregate.getGroupSet()) {
      Column column = columns.get(ordinal);
      if (column.isVirtual()) {
        continue;
      }
      if (column.role() != Role.SESSION_KEY) {
        columns.set(ordinal, column.withRole(Role.VALUE)); // with its role it would be called so
      }
      String name = column.fieldName();
      isTaken |=
          AggregateConfig.WINDOW_START.equals(name) || AggregateConfig.WINDOW_END.equals(name);
    }
    Relation free = input.withColumns(columns);
    return isTaken ? draft.asFields(free) : free;
  }

  private Relation of(Relation input, ImmutableBitSet set) {
    boolean isOfWindow =
        set.asList().stream()
            .anyMatch(
                ordinal ->
                    switch (input.column(ordinal).role()) {
                      case WINDOW_START, WINDOW_END, WINDOW_TIME, GROUP_WINDOW -> true;
                      default -> false;
                    });
    if (!isOfWindow && input.windows() != null) {
      throw Unsupported.of(
          "the rows of a window function are grouped without the window",
          "add window_start and window_end to GROUP BY");
    }
    return aggregated(input, set, isOfWindow ? input.windows() : null);
  }

  private Relation aggregated(Relation input, ImmutableBitSet set, @Nullable WindowConfig window) {
    Map<Integer, String> keys = new LinkedHashMap<>();
    for (int ordinal : set) {
      Column column = input.column(ordinal);
      switch (column.role()) {
        case WINDOW_START, WINDOW_END, WINDOW_TIME, GROUP_WINDOW -> {
          // no field: it is the window
        }
        case PROCESSING_TIME ->
            throw Unsupported.of(
                "rows cannot be grouped by a processing time", "group by a window of it");
        default -> keys.put(ordinal, input.fieldNames(List.of(ordinal)).get(0));
      }
    }
    Set<String> taken = new TreeSet<>(keys.values());
    taken.add(AggregateConfig.WINDOW_START);
    taken.add(AggregateConfig.WINDOW_END);
    List<AggregateCall> calls = new ArrayList<>();
    List<Column> results = new ArrayList<>();
    for (org.apache.calcite.rel.core.AggregateCall call : aggregate.getAggCallList()) {
      results.add(ofCalls.result(call, set, input, taken, calls));
    }
    if (calls.isEmpty()) {
      calls.add(AggregateCall.countAll(Draft.unused("rows", taken)));
    }
    AggregateConfig config =
        new AggregateConfig(
            List.copyOf(new TreeSet<>(keys.values())),
            calls,
            window == null ? stateLife() : null,
            null);
    String node = draft.aggregate(config, window, input.output());
    List<Column> columns = columns(input, set, keys, results);
    boolean isOfGroupWindow = columns.stream().anyMatch(c -> c.role() == Role.RESULT_WINDOW);
    ZoneId zone = window == null ? null : window.shape().zone();
    Relation rows = new Relation(node, columns, null);
    return zone != null && isOfGroupWindow ? withInstants(rows, keys, calls, zone) : rows;
  }

  /** The bounds of a window that is grouped by are instants, as its time is. */
  private Relation withInstants(
      Relation rows, Map<Integer, String> keys, List<AggregateCall> calls, ZoneId zone) {
    Map<String, String> fields = new LinkedHashMap<>();
    keys.values().forEach(key -> fields.put(key, Expression.column(key).toString()));
    calls.forEach(call -> fields.put(call.output(), Expression.column(call.output()).toString()));
    for (String bound : List.of(AggregateConfig.WINDOW_START, AggregateConfig.WINDOW_END)) {
      fields.put(
          bound, "instant(" + Expression.column(bound) + ", " + RexText.quoted(zone.getId()) + ")");
    }
    return draft.projected(rows, fields);
  }

  private List<Column> columns(
      Relation input, ImmutableBitSet set, Map<Integer, String> keys, List<Column> results) {
    List<Column> columns = new ArrayList<>();
    for (int ordinal : aggregate.getGroupSet()) {
      Column column = input.column(ordinal);
      if (!set.get(ordinal)) {
        DataType type = column.type();
        columns.add(new Column("cast(null as " + type + ")", type, Role.VALUE));
        continue;
      }
      columns.add(
          switch (column.role()) {
            case WINDOW_START, WINDOW_END -> bound(column.role(), input);
            case GROUP_WINDOW ->
                Column.field(
                    AggregateConfig.WINDOW_START, DataType.TIMESTAMP_TZ, Role.RESULT_WINDOW);
            case WINDOW_TIME ->
                Objects.requireNonNull(WindowCalls.ofResult(column.role(), input.windows()));
            default -> {
              String name = keys.get(ordinal);
              if (name == null) {
                throw new IllegalStateException("no key " + ordinal);
              }
              yield Column.field(name, column.type(), Role.VALUE);
            }
          });
    }
    columns.addAll(results);
    return columns;
  }

  /**
   * A bound of the window of a result. By the clock it is no time of the result, and results that
   * are taken back come at other times, too.
   */
  private static Column bound(Role role, Relation input) {
    WindowConfig window = input.windows();
    Column bound = Objects.requireNonNull(WindowCalls.ofResult(role, window));
    boolean isTime =
        window != null
            && window.time() == TimeCharacteristic.EVENT
            && window.accumulation() != Accumulation.RETRACTING;
    return isTime ? bound : bound.withRole(Role.VALUE);
  }
}
