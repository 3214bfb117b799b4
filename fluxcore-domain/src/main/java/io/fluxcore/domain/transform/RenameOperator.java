package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import java.util.Map;

/** Gives fields other names: the same columns under another schema. */
public final class RenameOperator implements Operator {
  private final Schema output;

  /**
   * Renames fields of a schema; all at once, so that names can be swapped.
   *
   * @param names new name by old name
   * @throws IllegalArgumentException if there is no such field, or two would have the same name
   */
  public RenameOperator(Schema input, Map<String, String> names) {
    names.keySet().forEach(input::ordinal);
    Schema renamed =
        Schema.of(
            input.fields().stream()
                .map(f -> new Field(names.getOrDefault(f.name(), f.name()), f.type()))
                .toList());
    this.output = input.isOpen() ? renamed.opened() : renamed;
  }

  public Schema outputSchema() {
    return output;
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void open(OperatorContext context) {}

  @Override
  public void process(int input, EventBatch batch, Output out) {
    out.emit(batch.withColumns(output, batch.columns()));
  }
}
