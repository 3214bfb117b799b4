package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.over.Frame;
import io.fluxcore.domain.over.OverCall;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.OrderedOverConfig;
import io.fluxcore.domain.topology.OverConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.rex.RexWindowExclusion;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Functions over the rows around each row, or before it in the order of event time. */
final class Overs {
  private final Draft draft;
  private final RexBuilder builder;
  private final Projection projection;

  Overs(Draft draft, RexBuilder builder, Projection projection) {
    this.draft = draft;
    this.builder = builder;
    this.projection = projection;
  }

  Relation translate(Project project, Relation from) {
    Relation rows = WindowCalls.assigned(from, draft);
    Map<RexOver, Integer> results = new LinkedHashMap<>();
    Map<RexWindow, List<RexOver>> windows = new LinkedHashMap<>();
    for (RexNode expression : project.getProjects()) {
      expression.accept(
          new RexShuttle() {
            @Override
            public RexNode visitOver(RexOver over) {
              if (results.putIfAbsent(over, -1) == null) {
                windows.computeIfAbsent(over.getWindow(), window -> new ArrayList<>()).add(over);
              }
              return over;
            }
          });
    }
    for (Map.Entry<RexWindow, List<RexOver>> window : windows.entrySet()) {
      rows = with(window.getKey(), window.getValue(), rows, results);
    }
    List<RexNode> expressions = new ArrayList<>();
    for (RexNode expression : project.getProjects()) {
      expressions.add(
          expression.accept(
              new RexShuttle() {
                @Override
                public RexNode visitOver(RexOver over) {
                  return builder.makeInputRef(
                      over.getType(), Objects.requireNonNull(results.get(over)));
                }
              }));
    }
    return projection.of(expressions, project.getRowType().getFieldNames(), rows, builder);
  }

  /** The rows with the results of the functions of a window behind their columns. */
  private Relation with(
      RexWindow window, List<RexOver> overs, Relation input, Map<RexOver, Integer> results) {
    List<RexNode> expressions = new ArrayList<>(window.partitionKeys);
    for (RexOver over : overs) {
      expressions.addAll(read(over));
    }
    boolean isByTime = isByTime(window, overs, input);
    expressions.addAll(isByTime ? List.of() : order(window, input));
    Draft.Extended extended = draft.extended(input, expressions, builder);
    Relation rows = extended.relation();
    List<String> key = extended.names(0, window.partitionKeys.size());
    Set<String> taken = new TreeSet<>(TopologyTranslation.fields(rows).keySet());
    List<OverCall> calls = new ArrayList<>();
    List<Column> columns = new ArrayList<>(isByTime ? rows.columns() : withoutTime(rows));
    int argument = window.partitionKeys.size();
    for (RexOver over : overs) {
      int next = argument + read(over).size();
      DataType type =
          next == argument ? DataType.LONG : rows.column(extended.ordinals().get(argument)).type();
      AggregateFunctions.Arguments of =
          AggregateFunctions.Arguments.of(extended.names(argument, next), type);
      argument = next;
      String output = Draft.unused("over", taken);
      taken.add(output);
      results.put(over, columns.size());
      Column column = call(over, of, output, isByTime, calls);
      columns.add(hasDefault(over) ? orDefault(over, of, column, rows, taken, calls) : column);
    }
    Frame frame = frame(window, input);
    OperatorConfig config =
        isByTime
            ? new OverConfig(key, frame, calls, null)
            : new OrderedOverConfig(
                key,
                orderBy(window, input, extended, argument),
                frame,
                calls,
                draft.stateLife(),
                null);
    return new Relation(draft.operator("over", config, rows.output()), columns, null);
  }

  /** The arguments that are columns. */
  private List<RexNode> read(RexOver over) {
    List<RexNode> operands = over.getOperands();
    if (hasDefault(over)) {
      return List.of(operands.get(0), builder.makeExactLiteral(BigDecimal.ONE));
    }
    int count = AggregateFunctions.isOfPairs(over.getAggOperator().getName()) ? 2 : 1;
    return operands.subList(0, Math.min(count, operands.size()));
  }

  /** Whether {@code LAG} or {@code LEAD} says what stands where there is no such row. */
  private static boolean hasDefault(RexOver over) {
    return over.getOperands().size() == 3
        && switch (over.getAggOperator().getKind()) {
          case LAG, LEAD -> true;
          default -> false;
        };
  }

  /** A value that is null may be there: a constant of each row says whether there is one. */
  private Column orDefault(
      RexOver over,
      AggregateFunctions.Arguments of,
      Column column,
      Relation rows,
      Set<String> taken,
      List<OverCall> calls) {
    String output = Draft.unused("over", taken);
    taken.add(output);
    calls.add(neighbour(over, of.fields().get(1), output));
    String otherwise = new RexText(rows.columns(), builder).text(over.getOperands().get(2));
    return new Column(
        "case when "
            + Column.field(output, DataType.LONG).expression()
            + " is null then cast("
            + otherwise
            + " as "
            + column.type()
            + ") else "
            + column.expression()
            + " end",
        column.type(),
        Role.VALUE);
  }

  private static OverCall neighbour(RexOver over, String field, String output) {
    return over.getAggOperator().getKind() == SqlKind.LAG
        ? new OverCall.Lag(output, field, rows(over))
        : new OverCall.Lead(output, field, rows(over), null);
  }

  /** Whether only rows before a row, in the order of event time, say what it comes to. */
  private static boolean isByTime(RexWindow window, List<RexOver> overs, Relation input) {
    boolean isTimeOrder =
        window.orderKeys.size() == 1
            && window.orderKeys.get(0).left instanceof RexInputRef ref
            && input.column(ref.getIndex()).role() == Role.EVENT_TIME
            && !window.orderKeys.get(0).getDirection().isDescending();
    boolean isUnbounded = window.getLowerBound().isUnbounded();
    return isTimeOrder
        && !window.getLowerBound().isFollowing()
        && window.getUpperBound().isCurrentRow()
        && overs.stream()
            .noneMatch(
                over ->
                    switch (over.getAggOperator().getKind()) {
                      case PERCENT_RANK, CUME_DIST, NTILE, NTH_VALUE -> true;
                      case FIRST_VALUE, LAST_VALUE -> over.ignoreNulls() || !isUnbounded;
                      default -> false;
                    });
  }

  /** The expressions of an order; rows come in that of a processing time by themselves. */
  private static List<RexNode> order(RexWindow window, Relation input) {
    return window.orderKeys.stream().map(by -> by.left).filter(by -> !isClock(by, input)).toList();
  }

  private static boolean isClock(RexNode node, Relation input) {
    return node instanceof RexInputRef ref
        && input.column(ref.getIndex()).role() == Role.PROCESSING_TIME;
  }

  private static List<SortField> orderBy(
      RexWindow window, Relation input, Draft.Extended extended, int first) {
    List<SortField> order = new ArrayList<>();
    int at = first;
    for (RexFieldCollation by : window.orderKeys) {
      boolean descending = by.getDirection().isDescending();
      if (!isClock(by.left, input)) {
        order.add(
            Ranks.sortField(extended.names(at, at + 1).get(0), descending, by.getNullDirection()));
        at++;
      } else if (descending) {
        throw Unsupported.of(
            "rows are in the order of a processing time as they come, not the other way round",
            "leave DESC out");
      }
    }
    return order;
  }

  /** Rows leave when others come, whatever their own times are. */
  private static List<Column> withoutTime(Relation rows) {
    return rows.columns().stream()
        .map(column -> column.role() == Role.EVENT_TIME ? column.withRole(Role.VALUE) : column)
        .toList();
  }

  private static Column call(
      RexOver over,
      AggregateFunctions.Arguments of,
      String output,
      boolean isByTime,
      List<OverCall> calls) {
    SqlKind kind = over.getAggOperator().getKind();
    String field = of.fields().isEmpty() ? null : of.fields().get(0);
    DataType type = of.type();
    switch (kind) {
      case ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST -> {
        OverCall.Numbering.Kind number = OverCall.Numbering.Kind.valueOf(kind.name());
        calls.add(new OverCall.Numbering(output, number));
        return Column.field(output, number.isShare() ? DataType.DOUBLE : DataType.LONG);
      }
      case NTILE -> {
        calls.add(new OverCall.Tile(output, constant(over.getOperands().get(0))));
        return Column.field(output, DataType.LONG);
      }
      case LAG, LEAD -> {
        calls.add(neighbour(over, Objects.requireNonNull(field), output));
        return Column.field(output, type);
      }
      case FIRST_VALUE, LAST_VALUE, NTH_VALUE -> {
        if (!isByTime) {
          calls.add(
              new OverCall.Value(
                  output,
                  Objects.requireNonNull(field),
                  kind == SqlKind.LAST_VALUE ? OverCall.Value.End.LAST : OverCall.Value.End.FIRST,
                  kind == SqlKind.NTH_VALUE ? constant(over.getOperands().get(1)) : 1,
                  over.ignoreNulls()));
          return Column.field(output, type);
        }
        return aggregate(over, of, output, calls);
      }
      default -> {
        return aggregate(over, of, output, calls);
      }
    }
  }

  private static Column aggregate(
      RexOver over, AggregateFunctions.Arguments of, String output, List<OverCall> calls) {
    AggregateFunctions.Computation computation =
        AggregateFunctions.computation(
            over.getAggOperator().getName(), over.isDistinct(), of, output);
    calls.add(new OverCall.Aggregate(computation.call()));
    Column column = Column.field(output, computation.type());
    return AggregateFunctions.typed(
        AggregateFunctions.orZero(over.getAggOperator().getName(), column), over.getType());
  }

  /** How many rows {@code LAG} looks back, or {@code LEAD} ahead. */
  private static int rows(RexOver over) {
    if (over.getOperands().size() < 2) {
      return 1;
    }
    return (int) constant(over.getOperands().get(1));
  }

  private static long constant(RexNode node) {
    BigDecimal value =
        node instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
    if (value == null) {
      throw Unsupported.of("'" + node + "' is not a number that is written out", "write a number");
    }
    return value.longValueExact();
  }

  private static Frame frame(RexWindow window, Relation input) {
    if (window.getExclude() != RexWindowExclusion.EXCLUDE_NO_OTHER) {
      throw Unsupported.of(
          "rows of a frame cannot be excluded: " + window.getExclude(), "leave EXCLUDE out");
    }
    boolean isClock = window.orderKeys.stream().anyMatch(by -> isClock(by.left, input));
    // by the clock each row has a time of its own
    Frame.Unit unit = window.isRows() || isClock ? Frame.Unit.ROWS : Frame.Unit.RANGE;
    return new Frame(
        unit,
        distance(window.getLowerBound(), true, isClock),
        distance(window.getUpperBound(), false, isClock));
  }

  /**
   * How far a bound is from its row.
   *
   * @param isBefore whether distances are counted towards the rows before it
   */
  private static long distance(RexWindowBound bound, boolean isBefore, boolean isClock) {
    if (bound.isCurrentRow()) {
      return 0;
    }
    if (bound.isUnbounded()) {
      return Frame.UNBOUNDED;
    }
    RexNode offset = Objects.requireNonNull(bound.getOffset());
    boolean isTime = SqlTypeUtil.isInterval(offset.getType());
    if (isTime && isClock) {
      throw Unsupported.of(
          "a frame of processing time would change while no rows come",
          "count rows, or order by the time of events");
    }
    long length = isTime ? WindowCalls.duration(offset).toMillis() : constant(offset);
    return bound.isPreceding() == isBefore ? length : -length;
  }
}
