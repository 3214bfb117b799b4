package io.fluxcore.domain.transform;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.operator.Output;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Makes rows of other fields: computed ones, and input columns, which are shared. Rows for which an
 * expression cannot be evaluated are failed, and no longer selected. Selecting, dropping and
 * reordering fields, and computing a key, are projections too.
 */
public final class ProjectOperator extends TransformOperator {
  private final List<Projection> projections;
  private final Schema output;

  /**
   * A projection to these fields, in this order.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  public ProjectOperator(List<Projection> projections) {
    this(projections, watermark -> {});
  }

  /**
   * The same, and its watermarks are told.
   *
   * @param watermarks what its expressions know them by
   */
  public ProjectOperator(List<Projection> projections, LongConsumer watermarks) {
    super(watermarks);
    this.projections = List.copyOf(projections);
    this.output = Schema.of(projections.stream().map(Projection::field).toList());
  }

  /**
   * Only these fields, in this order.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public static ProjectOperator selecting(Schema input, List<String> names) {
    List<Projection> projections = new ArrayList<>();
    for (String name : names) {
      int ordinal = input.ordinal(name);
      projections.add(Projection.passed(name, input.type(ordinal), ordinal));
    }
    return new ProjectOperator(projections);
  }

  /**
   * All fields but these.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public static ProjectOperator dropping(Schema input, List<String> names) {
    names.forEach(input::ordinal);
    Set<String> dropped = new HashSet<>(names);
    return selecting(
        input, input.fieldNames().stream().filter(name -> !dropped.contains(name)).toList());
  }

  public Schema outputSchema() {
    return output;
  }

  @Override
  public boolean keepsBatches() {
    return false;
  }

  @Override
  public void process(int input, EventBatch batch, Output out) {
    BatchFailures failures = failures().begin(batch);
    Column[] columns = new Column[projections.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = column(projections.get(i), batch, failures);
    }
    out.emit(failures.without(batch).withColumns(output, columns));
  }

  private static Column column(Projection projection, EventBatch batch, BatchFailures failures) {
    if (projection instanceof Projection.Computed computed) {
      return computed.expression().evaluate(batch, failures);
    }
    return batch.column(((Projection.Passed) projection).ordinal());
  }
}
