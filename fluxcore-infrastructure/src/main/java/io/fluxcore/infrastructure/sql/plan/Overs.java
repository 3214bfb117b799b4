package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.over.Frame;
import io.fluxcore.domain.over.OverCall;
import io.fluxcore.domain.topology.OverConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.math.BigDecimal;
import java.time.Duration;
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
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Functions over the rows before each row, in the order of event time. */
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
      if (!over.getOperands().isEmpty()) {
        expressions.add(over.getOperands().get(0));
      }
    }
    requireTimeOrder(window, input);
    Draft.Extended extended = draft.extended(input, expressions, builder);
    Relation rows = extended.relation();
    List<String> key = extended.names(0, window.partitionKeys.size());
    Set<String> taken = new TreeSet<>(TopologyTranslation.fields(rows).keySet());
    List<OverCall> calls = new ArrayList<>();
    List<Column> columns = new ArrayList<>(rows.columns());
    int argument = window.partitionKeys.size();
    for (RexOver over : overs) {
      String field = null;
      DataType type = DataType.LONG;
      if (!over.getOperands().isEmpty()) {
        field = extended.names(argument, argument + 1).get(0);
        type = rows.column(extended.ordinals().get(argument)).type();
        argument++;
      }
      String output = Draft.unused("over", taken);
      taken.add(output);
      results.put(over, columns.size());
      columns.add(call(over, field, type, output, calls));
    }
    OverConfig config = new OverConfig(key, frame(window), calls, null);
    return new Relation(draft.operator("over", config, rows.output()), columns, null);
  }

  private static Column call(
      RexOver over, @Nullable String field, DataType type, String output, List<OverCall> calls) {
    SqlKind kind = over.getAggOperator().getKind();
    switch (kind) {
      case ROW_NUMBER, RANK, DENSE_RANK -> {
        calls.add(new OverCall.Numbering(output, OverCall.Numbering.Kind.valueOf(kind.name())));
        return Column.field(output, DataType.LONG);
      }
      case LAG, LEAD -> {
        if (field == null) {
          throw new IllegalStateException(kind + " without an argument");
        }
        calls.add(
            kind == SqlKind.LAG
                ? new OverCall.Lag(output, field, rows(over))
                : new OverCall.Lead(output, field, rows(over), null));
        return Column.field(output, type);
      }
      default -> {
        Aggregates.Computation computation =
            Aggregates.computation(
                over.getAggOperator().getName(), over.isDistinct(), field, type, output);
        calls.add(new OverCall.Aggregate(computation.call()));
        Column column = Column.field(output, computation.type());
        return Aggregates.orZero(over.getAggOperator().getName(), column);
      }
    }
  }

  /** How many rows {@code LAG} looks back, or {@code LEAD} ahead. */
  private static int rows(RexOver over) {
    if (over.getOperands().size() < 2) {
      return 1;
    }
    if (over.getOperands().size() > 2) {
      String name = over.getAggOperator().getName();
      throw Unsupported.of(
          name + " has no default here", "write COALESCE(" + name + "(…) OVER …, default)");
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

  private static void requireTimeOrder(RexWindow window, Relation input) {
    boolean isByTime =
        window.orderKeys.size() == 1
            && window.orderKeys.get(0).left instanceof RexInputRef ref
            && input.column(ref.getIndex()).role() == Role.EVENT_TIME
            && !window.orderKeys.get(0).getDirection().isDescending();
    if (!isByTime) {
      throw Unsupported.of(
          "functions over the rows before each row take them in the order of event time, and this is "
              + window.orderKeys.stream().map(RexFieldCollation::toString).toList(),
          "write ORDER BY the column that has a watermark, ascending; the first rows in another order"
              + " are ROW_NUMBER() … WHERE number <= n");
    }
  }

  private static Frame frame(RexWindow window) {
    RexWindowBound lower = window.getLowerBound();
    if (!window.getUpperBound().isCurrentRow() || !lower.isPreceding()) {
      if (!lower.isCurrentRow() || !window.getUpperBound().isCurrentRow()) {
        throw Unsupported.of(
            "the frame of the window ends after the row, or begins after its beginning",
            "write BETWEEN … PRECEDING AND CURRENT ROW");
      }
      return new Frame(window.isRows() ? Frame.Unit.ROWS : Frame.Unit.RANGE, 0);
    }
    if (lower.isUnbounded()) {
      return window.isRows() ? new Frame(Frame.Unit.ROWS, Frame.UNBOUNDED) : Frame.unbounded();
    }
    RexNode offset = lower.getOffset();
    if (offset == null) {
      throw new IllegalStateException("a bound without an offset: " + lower);
    }
    if (SqlTypeUtil.isInterval(offset.getType())) {
      Duration length = WindowCalls.duration(offset);
      return Frame.range(length);
    }
    return Frame.rows(constant(offset));
  }
}
