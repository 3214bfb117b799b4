package io.fluxcore.infrastructure.sql.plan;

import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;

/** Computes columns of a relation from another's. */
@FunctionalInterface
interface Projection {
  Relation of(List<RexNode> expressions, List<String> names, Relation input, RexBuilder builder);
}
