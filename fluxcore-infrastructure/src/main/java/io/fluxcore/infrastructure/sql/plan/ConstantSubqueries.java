package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.infrastructure.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;

/**
 * Replaces subqueries that read no table by what they come to: others would need the rows of a
 * table at each row of a match.
 */
final class ConstantSubqueries {
  private final RexBuilder builder;
  private final SqlText text;

  ConstantSubqueries(RexBuilder builder, SqlText text) {
    this.builder = builder;
    this.text = text;
  }

  RexNode replaced(RexNode node) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery subquery) {
            return value(subquery);
          }
        });
  }

  private RexNode value(RexSubQuery subquery) {
    List<List<RexNode>> rows = rows(subquery.rel);
    if (subquery.getKind() == SqlKind.EXISTS) {
      return builder.makeLiteral(!rows.isEmpty());
    }
    if (subquery.getKind() == SqlKind.SCALAR_QUERY && rows.size() <= 1) {
      return rows.isEmpty()
          ? builder.makeNullLiteral(subquery.getType())
          : builder.makeCast(subquery.getType(), rows.get(0).get(0));
    }
    if (subquery.getKind() == SqlKind.IN) {
      List<RexNode> any = new ArrayList<>();
      for (List<RexNode> row : rows) {
        List<RexNode> all = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
          RexNode operand = replaced(subquery.getOperands().get(i));
          all.add(builder.makeCall(SqlStdOperatorTable.EQUALS, operand, row.get(i)));
        }
        any.add(RexUtil.composeConjunction(builder, all));
      }
      return RexUtil.composeDisjunction(builder, any);
    }
    throw unsupported();
  }

  /** The rows of a query over no table. */
  private List<List<RexNode>> rows(RelNode rel) {
    if (rel instanceof Values values) {
      List<List<RexNode>> rows = new ArrayList<>();
      for (List<RexLiteral> tuple : values.getTuples()) {
        rows.add(new ArrayList<>(tuple));
      }
      return rows;
    }
    if (rel instanceof Project project
        && project.getProjects().stream().allMatch(RexUtil::isConstant)) {
      List<List<RexNode>> rows = new ArrayList<>();
      rows(project.getInput()).forEach(row -> rows.add(new ArrayList<>(project.getProjects())));
      return rows;
    }
    throw unsupported();
  }

  private FluxCoreException unsupported() {
    return FluxCoreException.user(
        "FLX-QUERY-0007",
        text.placeOf(0),
        "a row pattern holds a subquery that reads a table, or gives several rows for one value",
        "join its table before the row pattern");
  }
}
