package io.fluxcore.infrastructure.sql.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes columns of what subqueries use within columns of the query around them, such as {@code
 * t.address.city}: Calcite takes subqueries apart that use columns, and not what is nested in them.
 */
final class NestedCorrelation {
  private final RexBuilder builder;

  NestedCorrelation(RexBuilder builder) {
    this.builder = builder;
  }

  RelNode flattened(RelNode rel) {
    List<RelNode> inputs = rel.getInputs().stream().map(this::flattened).toList();
    RelNode flat = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return flat instanceof Correlate correlate && !Unnests.isOne(correlate)
        ? flattened(correlate)
        : flat;
  }

  private RelNode flattened(Correlate correlate) {
    Nested nested = new Nested(correlate.getCorrelationId());
    RelNode unused = changed(correlate.getRight(), nested);
    if (nested.paths.isEmpty()) {
      return correlate;
    }
    RelNode left = correlate.getLeft();
    int size = left.getRowType().getFieldCount();
    List<RexNode> columns = new ArrayList<>(builder.identityProjects(left.getRowType()));
    List<String> names = new ArrayList<>(left.getRowType().getFieldNames());
    Map<String, Integer> ordinals = new LinkedHashMap<>();
    nested.paths.forEach(
        (path, access) -> {
          ordinals.put(path, columns.size());
          columns.add(ofRow(access, left));
          names.add(path);
        });
    RelNode wider = LogicalProject.create(left, List.of(), columns, names, Set.of());
    Flat flat = new Flat(correlate.getCorrelationId(), wider.getRowType(), ordinals);
    RelNode right = changed(correlate.getRight(), flat);
    RelNode joined =
        LogicalCorrelate.create(
            wider,
            right,
            List.of(),
            correlate.getCorrelationId(),
            flat.used.build(),
            correlate.getJoinType());
    return without(joined, size, columns.size(), correlate.getRowType());
  }

  /** An access to what is nested in a column, of the row itself. */
  private RexNode ofRow(RexFieldAccess access, RelNode row) {
    return access.getReferenceExpr() instanceof RexFieldAccess outer
        ? builder.makeFieldAccess(ofRow(outer, row), access.getField().getIndex())
        : builder.makeInputRef(row, access.getField().getIndex());
  }

  /** Without the columns that were added. */
  private RelNode without(RelNode joined, int from, int to, RelDataType type) {
    List<RexNode> kept = new ArrayList<>();
    for (RelDataTypeField field : joined.getRowType().getFieldList()) {
      if (field.getIndex() < from || field.getIndex() >= to) {
        kept.add(builder.makeInputRef(joined, field.getIndex()));
      }
    }
    RelNode plain = LogicalProject.create(joined, List.of(), kept, type.getFieldNames(), Set.of());
    return RelOptUtil.createCastRel(plain, type, false);
  }

  private static RelNode changed(RelNode rel, RexShuttle change) {
    List<RelNode> inputs = rel.getInputs().stream().map(input -> changed(input, change)).toList();
    RelNode same = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return same.accept(change);
  }

  /** The path from a row to what is nested in it, or null if an access is to something else. */
  private static @Nullable String path(RexNode node, CorrelationId row) {
    if (node instanceof RexCorrelVariable variable) {
      return variable.id.equals(row) ? "" : null;
    }
    if (!(node instanceof RexFieldAccess access)) {
      return null;
    }
    String before = path(access.getReferenceExpr(), row);
    return before == null ? null : before + "." + access.getField().getName();
  }

  /** Collects what is nested in columns of a row. */
  private static final class Nested extends RexShuttle {
    private final CorrelationId row;
    private final Map<String, RexFieldAccess> paths = new LinkedHashMap<>();

    Nested(CorrelationId row) {
      this.row = row;
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
      String path = path(access, row);
      if (path != null && access.getReferenceExpr() instanceof RexFieldAccess) {
        paths.put(path, access);
      }
      return access;
    }
  }

  /** Has it taken from columns of a row that has more of them. */
  private final class Flat extends RexShuttle {
    private final CorrelationId row;
    private final RelDataType type;
    private final Map<String, Integer> ordinals;
    private final ImmutableBitSet.Builder used = ImmutableBitSet.builder();

    Flat(CorrelationId row, RelDataType type, Map<String, Integer> ordinals) {
      this.row = row;
      this.type = type;
      this.ordinals = ordinals;
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
      String path = path(access, row);
      if (path == null) {
        return super.visitFieldAccess(access);
      }
      int ordinal = ordinals.getOrDefault(path, access.getField().getIndex());
      used.set(ordinal);
      return builder.makeFieldAccess(builder.makeCorrel(type, row), ordinal);
    }
  }
}
