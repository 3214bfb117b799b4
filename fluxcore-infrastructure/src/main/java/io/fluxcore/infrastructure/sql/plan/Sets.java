package io.fluxcore.infrastructure.sql.plan;

import io.fluxcore.domain.topology.SetConfig;
import io.fluxcore.infrastructure.sql.plan.Relation.Column;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.type.RelDataTypeField;

/** INTERSECT and EXCEPT: rows of two streams compared by all their columns. */
final class Sets {
  private final Draft draft;

  Sets(Draft draft) {
    this.draft = draft;
  }

  Relation translate(SetOp set, List<Relation> inputs) {
    List<RelDataTypeField> fields = set.getRowType().getFieldList();
    Relation result = values(inputs.get(0), fields);
    for (Relation input : inputs.subList(1, inputs.size())) {
      Relation right = values(input, fields);
      String[] names = result.columns().stream().map(Column::fieldName).toArray(String[]::new);
      SetConfig.Builder config =
          set instanceof Intersect ? SetConfig.intersect(names) : SetConfig.except(names);
      if (set.all) {
        config.all();
      }
      if (draft.stateLife() != null) {
        config.withTimeToLive(draft.stateLife());
      }
      result =
          result.withOutput(
              draft.operator(
                  set instanceof Intersect ? "intersect" : "except",
                  config.build(),
                  result.output(),
                  right.output()));
    }
    return result;
  }

  private Relation values(Relation input, List<RelDataTypeField> fields) {
    Relation closed = WindowCalls.assigned(input, draft);
    List<Column> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      Column value = TopologyTranslation.asValue(closed.column(i), fields.get(i));
      values.add(value.withRole(Relation.Role.VALUE));
      names.add("f" + i);
    }
    return draft.asFields(closed.withColumns(values), names);
  }
}
