package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.UnnestBuilder;
import io.fluxcore.infrastructure.sql.catalogue.UserTable;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import io.fluxcore.infrastructure.sql.plan.Relation.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Rows with those that are made of each of them: the elements of a list or map that it holds, or
 * what a table function gives for it. Both are lists, of which an unnest makes rows.
 */
final class Unnests {
  private static final String ELEMENT = "element";
  private static final String POSITION = "position";

  private final Draft draft;
  private final RexBuilder builder;

  Unnests(Draft draft, RexBuilder builder) {
    this.draft = draft;
    this.builder = builder;
  }

  /** Whether the right side is made of the rows of the left one. */
  static boolean isOne(Correlate correlate) {
    RelNode right = correlate.getRight();
    while (right instanceof Filter || right instanceof Project) {
      right = right.getInput(0);
    }
    return (right instanceof Uncollect uncollect && source(uncollect) != null)
        || (right instanceof TableFunctionScan scan
            && scan.getCall() instanceof RexCall call
            && call.getOperator() instanceof UserTable);
  }

  /** Whether the right side is the elements of a list that is the same for all rows. */
  static boolean isOne(Join join) {
    RelNode right = join.getRight();
    boolean isInner = join.getJoinType() == JoinRelType.INNER;
    while ((right instanceof Filter && isInner) || right instanceof Project) {
      right = right.getInput(0);
    }
    Project source = right instanceof Uncollect uncollect ? source(uncollect) : null;
    return (isInner || join.getJoinType() == JoinRelType.LEFT)
        && join.getCondition().isAlwaysTrue()
        && source != null
        && ((Values) source.getInput()).getTuples().size() == 1
        && source.getProjects().stream().allMatch(RexUtil::isConstant);
  }

  /** The rows of the left side, each with the elements. */
  Relation translate(Join join, Relation left) {
    return pairs(join.getRight(), left, join.getJoinType() == JoinRelType.LEFT);
  }

  /** What is computed of the row alone, or null where a query gives the list. */
  private static @Nullable Project source(Uncollect uncollect) {
    return uncollect.getInput() instanceof Project project && project.getInput() instanceof Values
        ? project
        : null;
  }

  /** The rows of the left side, each with those that are made of it. */
  Relation translate(Correlate correlate, Relation left) {
    boolean isOuter = correlate.getJoinType() == JoinRelType.LEFT;
    if (!isOuter && correlate.getJoinType() != JoinRelType.INNER) {
      throw Unsupported.of(
          "rows that are made of each row are joined by " + correlate.getJoinType(),
          "write CROSS JOIN, or LEFT JOIN … ON TRUE");
    }
    return pairs(correlate.getRight(), left, isOuter);
  }

  /** The columns of the left side and, behind them, those of a side that is made of its rows. */
  private Relation pairs(RelNode right, Relation left, boolean isOuter) {
    int size = left.columns().size();
    if (right instanceof Filter filter) {
      if (isOuter) {
        throw Unsupported.of(
            "a LEFT JOIN of the elements of a row has a condition",
            "write ON TRUE, and what the elements must meet behind WHERE");
      }
      Relation rows = pairs(filter.getInput(), left, false);
      return draft.filter(
          rows, new RexText(rows.columns(), builder).text(asPair(filter.getCondition(), size)));
    }
    if (right instanceof Project project) {
      Relation rows = pairs(project.getInput(), left, isOuter);
      List<Column> columns = new ArrayList<>(rows.columns().subList(0, size));
      RexText texts = new RexText(rows.columns(), builder);
      for (RexNode expression : project.getProjects()) {
        RexNode pair = asPair(expression, size);
        columns.add(
            pair instanceof RexInputRef ref
                ? rows.column(ref.getIndex())
                : new Column(texts.text(pair), Tables.held(pair.getType()), Role.VALUE));
      }
      return rows.withColumns(columns);
    }
    if (right instanceof TableFunctionScan scan) {
      RexCall call = (RexCall) asPair(scan.getCall(), size);
      UserTable table = (UserTable) call.getOperator();
      RexText texts = new RexText(left.columns(), builder);
      String list = table.call(call.getOperands().stream().map(texts::text).toList());
      return unnested(
          left, list, scan.getRowType(), table.givesRows(scan.getRowType()), false, isOuter);
    }
    Uncollect uncollect = (Uncollect) right;
    Project source = source(uncollect);
    if (source == null) {
      throw Unsupported.of("the list of UNNEST comes from a query", "unnest a column of the row");
    }
    RexNode list = asPair(only(source.getProjects()), size);
    return unnested(left, list, uncollect, isOuter);
  }

  private Relation unnested(Relation left, RexNode list, Uncollect uncollect, boolean isOuter) {
    RelDataType component = list.getType().getComponentType();
    boolean isMap = list.getType().getSqlTypeName() == SqlTypeName.MAP;
    boolean givesRows = component != null && component.isStruct();
    return unnested(
        left,
        new RexText(left.columns(), builder).text(list),
        uncollect.getRowType(),
        givesRows || isMap,
        uncollect.withOrdinality,
        isOuter,
        isMap);
  }

  private static <T> T only(List<T> lists) {
    if (lists.size() != 1) {
      throw Unsupported.of(
          "UNNEST is given " + lists.size() + " lists", "unnest one after the other");
    }
    return lists.get(0);
  }

  /** Rows that are the elements of the only column of others. */
  Relation translate(Uncollect uncollect, Relation input) {
    RelDataTypeField list = only(uncollect.getInput().getRowType().getFieldList());
    Relation pairs = unnested(input, builder.makeInputRef(list.getType(), 0), uncollect, false);
    return pairs.withColumns(pairs.columns().subList(1, pairs.columns().size()));
  }

  private Relation unnested(
      Relation left,
      String list,
      RelDataType rowType,
      boolean givesRows,
      boolean withOrdinality,
      boolean isOuter) {
    return unnested(left, list, rowType, givesRows, withOrdinality, isOuter, false);
  }

  private Relation unnested(
      Relation left,
      String list,
      RelDataType rowType,
      boolean givesRows,
      boolean withOrdinality,
      boolean isOuter,
      boolean isMap) {
    List<Column> columns = new ArrayList<>(left.columns());
    columns.add(new Column(list, DataType.NESTED, Role.VALUE));
    Relation rows = draft.withOnlyFields(left.withColumns(columns));
    int size = left.columns().size();
    Set<String> taken = new HashSet<>();
    rows.columns().stream().filter(c -> !c.isVirtual()).forEach(c -> taken.add(field(c)));
    String element = Draft.unused(ELEMENT, taken);
    taken.add(element);
    UnnestBuilder unnest = TransformConfig.unnest(field(rows.column(size))).as(element);
    String position = Draft.unused(POSITION, taken);
    if (withOrdinality) {
      unnest.withPosition(position);
    }
    if (isOuter) {
      unnest.keepEmpty();
    }
    Relation result = rows.withOutput(draft.transform("unnest", unnest.build(), rows.output()));
    List<Column> pairs = new ArrayList<>(rows.columns().subList(0, size));
    int count = rowType.getFieldCount() - (withOrdinality ? 1 : 0);
    for (int i = 0; i < count; i++) {
      RelDataTypeField of = rowType.getFieldList().get(i);
      String part = isMap ? (i == 0 ? "key" : "value") : of.getName();
      Column column = Column.field(element, DataType.NESTED);
      String text =
          givesRows ? column.expression() + "[" + RexText.quoted(part) + "]" : column.expression();
      pairs.add(
          new Column(
              RexText.typed(text, DataType.NESTED, of.getType()),
              of.getType().getSqlTypeName() == SqlTypeName.ANY
                  ? DataType.NESTED
                  : Tables.held(of.getType()),
              Role.VALUE));
    }
    if (withOrdinality) {
      pairs.add(Column.field(position, DataType.LONG));
    }
    return result.withColumns(pairs);
  }

  private static String field(Column column) {
    String name = column.fieldName();
    if (name == null) {
      throw new IllegalStateException("made a field before: " + column);
    }
    return name;
  }

  /** With columns of the left side in place of the variable, and those of the right behind them. */
  private RexNode asPair(RexNode expression, int size) {
    return expression.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return builder.makeInputRef(ref.getType(), ref.getIndex() + size);
          }

          @Override
          public RexNode visitFieldAccess(RexFieldAccess access) {
            return access.getReferenceExpr() instanceof RexCorrelVariable
                ? builder.makeInputRef(access.getType(), access.getField().getIndex())
                : super.visitFieldAccess(access);
          }
        });
  }
}
