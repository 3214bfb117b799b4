package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.infrastructure.sql.catalogue.CatalogueView;
import java.util.List;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.tools.RelBuilder;

/** A view, which stands for its query. */
final class ViewTable extends AbstractTable implements TranslatableTable {
  private final CatalogueView view;

  ViewTable(CatalogueView view) {
    this.view = view;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory factory) {
    return view.rowType();
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    if (!context.getTableHints().isEmpty()) {
      throw Unsupported.of(
          "a view has no options that a hint could change",
          "give the hint to the tables of the view's query");
    }
    RelRoot root =
        context.expandView(view.rowType(), view.query().text(), List.of(), List.of(view.name()));
    return RelBuilder.proto(Contexts.empty())
        .create(context.getCluster(), table.getRelOptSchema())
        .push(root.project())
        .rename(view.rowType().getFieldNames())
        .build();
  }
}
