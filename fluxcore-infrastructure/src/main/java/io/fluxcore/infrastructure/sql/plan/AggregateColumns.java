package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.infrastructure.sql.catalogue.UserAggregation;
import io.fluxcore.infrastructure.sql.plan.AggregateFunctions.Computation;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/** The calls of an aggregate: the columns that each looks at, and that of its result. */
final class AggregateColumns {
  private final Aggregate aggregate;

  /** The columns in which several arguments are. */
  private final Map<org.apache.calcite.rel.core.AggregateCall, Integer> lists = new HashMap<>();

  AggregateColumns(Aggregate aggregate) {
    this.aggregate = aggregate;
  }

  /** With the arguments of each function of the application that takes several as a list. */
  Relation withLists(Relation from) {
    List<Column> columns = new ArrayList<>(from.columns());
    for (org.apache.calcite.rel.core.AggregateCall call : aggregate.getAggCallList()) {
      if (takesLists(call) && call.getArgList().size() > 1) {
        lists.put(call, columns.size());
        columns.add(
            new Column(
                call.getArgList().stream()
                    .map(ordinal -> from.column(ordinal).expression())
                    .collect(Collectors.joining(", ", "array(", ")")),
                DataType.NESTED,
                Role.VALUE));
      } else if (SeparatedTexts.isOne(aggregate, call)) {
        lists.put(call, columns.size());
        columns.addAll(SeparatedTexts.columns(from, call));
      }
    }
    return from.withColumns(columns);
  }

  private static boolean takesLists(org.apache.calcite.rel.core.AggregateCall call) {
    return call.getAggregation() instanceof UserAggregation || CollectedValues.takesPairs(call);
  }

  /** The columns that calls look at. */
  Set<Integer> used() {
    Set<Integer> used = new TreeSet<>();
    for (org.apache.calcite.rel.core.AggregateCall call : aggregate.getAggCallList()) {
      if (GroupWindows.isBound(call.getAggregation().getName())) {
        continue; // is asked of the window, not of rows
      }
      Integer list = lists.get(call);
      used.addAll(list == null ? AggregateFunctions.fields(call) : columnsOf(call, list));
      call.getCollation().getFieldCollations().forEach(by -> used.add(by.getFieldIndex()));
      if (call.filterArg >= 0) {
        used.add(call.filterArg);
      }
    }
    return used;
  }

  private List<Integer> columnsOf(org.apache.calcite.rel.core.AggregateCall call, int list) {
    return SeparatedTexts.isOne(aggregate, call) ? List.of(list, list + 1) : List.of(list);
  }

  /**
   * The column of a result.
   *
   * @param set what rows are grouped by
   * @param taken the names of other fields, to which those of the call are added
   * @param calls to which what the engine has to compute is added
   */
  Column result(
      org.apache.calcite.rel.core.AggregateCall call,
      ImmutableBitSet set,
      Relation input,
      Set<String> taken,
      List<AggregateCall> calls) {
    String function = call.getAggregation().getName();
    if (function.equals("GROUPING")
        || function.equals("GROUPING_ID")
        || function.equals("GROUP_ID")) {
      return grouping(call, set);
    }
    if (GroupWindows.isBound(function)) {
      return bound(function, set, input);
    }
    if (call.getAggregation().getKind() == SqlKind.LITERAL_AGG) {
      return new Column(
          new RexText(List.of(), aggregate.getCluster().getRexBuilder()).text(call.rexList.get(0)),
          Tables.held(call.getType()),
          Role.VALUE);
    }
    if (SeparatedTexts.isOne(aggregate, call)) {
      return SeparatedTexts.result(
          input.fieldNames(columnsOf(call, lists.getOrDefault(call, 0))),
          order(call, input),
          condition(call, input),
          taken,
          calls);
    }
    String wanted = call.getName();
    String output = Draft.unused(wanted == null ? "result" : wanted, taken);
    taken.add(output);
    CollectedValues collected = CollectedValues.of(aggregate, call);
    Computation computation =
        collected != null
            ? collected.computation(field(call, input), order(call, input), output)
            : call.getAggregation() instanceof UserAggregation user
                ? custom(user, call, input, output)
                : computation(call, input, output);
    String condition = condition(call, input);
    calls.add(condition.isEmpty() ? computation.call() : computation.call().where(condition));
    if (collected != null) {
      return collected.result(Column.field(output, computation.type()));
    }
    return AggregateFunctions.typed(
        AggregateFunctions.orZero(function, Column.field(output, computation.type())),
        call.getType());
  }

  /** Which rows a call asks for; empty: all. */
  private static String condition(org.apache.calcite.rel.core.AggregateCall call, Relation input) {
    String condition = call.filterArg < 0 ? "" : input.column(call.filterArg).expression();
    if (call.ignoreNulls()) {
      String present = input.column(call.getArgList().get(0)).expression() + " is not null";
      condition = condition.isEmpty() ? present : "(" + condition + ") and (" + present + ")";
    }
    return condition;
  }

  private static List<SortField> order(
      org.apache.calcite.rel.core.AggregateCall call, Relation input) {
    List<SortField> order = new ArrayList<>();
    for (RelFieldCollation by : call.getCollation().getFieldCollations()) {
      order.add(
          Ranks.sortField(
              input.fieldNames(List.of(by.getFieldIndex())).get(0),
              by.getDirection().isDescending(),
              by.nullDirection));
    }
    return order;
  }

  private Computation computation(
      org.apache.calcite.rel.core.AggregateCall call, Relation input, String output) {
    List<Integer> ordinals = AggregateFunctions.fields(call);
    return AggregateFunctions.computation(
        call.getAggregation().getName(),
        call.isDistinct(),
        new AggregateFunctions.Arguments(
            input.fieldNames(ordinals),
            ordinals.isEmpty() ? DataType.LONG : input.column(ordinals.get(0)).type(),
            LiteralArguments.fractions(aggregate, call),
            order(call, input)),
        output);
  }

  private Computation custom(
      UserAggregation user,
      org.apache.calcite.rel.core.AggregateCall call,
      Relation input,
      String output) {
    if (call.isDistinct() || call.getArgList().isEmpty() || call.hasCollation()) {
      throw AggregateFunctions.unsupported(user.getName(), call.isDistinct());
    }
    int ordinal = lists.getOrDefault(call, call.getArgList().get(0));
    return new Computation(
        AggregateCall.custom(user.nameInTopologies(), field(call, input), output),
        user.result(input.column(ordinal).type()));
  }

  /** The field in which the argument is, or all of them. */
  private String field(org.apache.calcite.rel.core.AggregateCall call, Relation input) {
    int ordinal = lists.getOrDefault(call, call.getArgList().get(0));
    return input.fieldNames(List.of(ordinal)).get(0);
  }

  private static Column bound(String function, ImmutableBitSet set, Relation input) {
    Column column = GroupWindows.bound(function);
    boolean isOfWindow =
        set.asList().stream().anyMatch(i -> input.column(i).role() == Role.GROUP_WINDOW);
    if (column == null || !isOfWindow) {
      throw Unsupported.of(
          function + " of rows that are not grouped by a window",
          "write GROUP BY " + function.substring(0, function.indexOf('_')) + "(…)");
    }
    return column;
  }

  private Column grouping(org.apache.calcite.rel.core.AggregateCall call, ImmutableBitSet set) {
    long bits = 0;
    for (int argument : call.getArgList()) {
      bits = (bits << 1) | (set.get(argument) ? 0 : 1);
    }
    return new Column(String.valueOf(bits), DataType.LONG, Role.VALUE);
  }
}
