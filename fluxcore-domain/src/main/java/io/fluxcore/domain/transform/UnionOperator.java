package io.fluxcore.domain.transform;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands on the rows of all its inputs, whose fields must be the same, in any order: they leave in
 * the order of the first input. Columns are shared, not copied. Between inputs there is no order.
 */
public final class UnionOperator implements Operator {
  private final Schema output;

  /** Positions of the output's fields in each input; null where the order is the same. */
  private final int[] @Nullable [] orders;

  /**
   * The union of inputs with these schemas, in the order of the operator's inputs.
   *
   * @throws FluxCoreException {@code FLX-TRANSFORM-0004} for each field that differs
   */
  public UnionOperator(List<Schema> inputs) {
    this.output = inputs.get(0);
    List<Diagnostic> differences = new ArrayList<>();
    for (int i = 1; i < inputs.size(); i++) {
      compare(i, inputs.get(i), differences);
    }
    if (!differences.isEmpty()) {
      throw new FluxCoreException(ErrorCategory.USER, differences, null);
    }
    this.orders = new int[inputs.size()][];
    for (int i = 0; i < orders.length; i++) {
      orders[i] = order(inputs.get(i));
    }
  }

  private void compare(int input, Schema schema, List<Diagnostic> differences) {
    for (Field field : output.fields()) {
      Field other = schema.find(field.name());
      if (other == null) {
        differences.add(difference(input, "has no field '" + field.name() + "'"));
      } else if (!other.type().equals(field.type())) {
        differences.add(
            difference(
                input,
                "field '" + field.name() + "' is " + other.type() + ", not " + field.type()));
      }
    }
    for (Field field : schema.fields()) {
      if (output.find(field.name()) == null) {
        differences.add(
            difference(input, "has a field '" + field.name() + "' that input 0 has not"));
      }
    }
  }

  private static Diagnostic difference(int input, String message) {
    return Diagnostic.error(
        "FLX-TRANSFORM-0004",
        Place.of("input[" + input + "]"),
        message,
        "the inputs of a union need the same fields; map, rename or project them before");
  }

  private int @Nullable [] order(Schema schema) {
    if (schema.fields().equals(output.fields())) {
      return null;
    }
    return output.fields().stream().mapToInt(field -> schema.ordinal(field.name())).toArray();
  }

  public Schema outputSchema() {
    return output;
  }

  @Override
  public void open(OperatorContext context) {}

  @Override
  public void process(int input, EventBatch batch, Output out) {
    int[] order = orders[input];
    Column[] columns = batch.columns();
    if (order != null) {
      columns = new Column[order.length];
      for (int i = 0; i < order.length; i++) {
        columns[i] = batch.column(order[i]);
      }
    }
    out.emit(batch.withColumns(output, columns));
  }
}
