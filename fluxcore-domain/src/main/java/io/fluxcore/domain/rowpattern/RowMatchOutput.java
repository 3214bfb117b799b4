package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.OperatorContext;
import io.fluxcore.domain.operator.Output;
import io.fluxcore.domain.pattern.RowFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects matches as rows. Not thread-safe. */
final class RowMatchOutput implements RowMatchListener {
  private final RowMatching matching;
  private final OperatorContext context;
  private final Schema schema;
  private final Schema keySchema;
  private final RowFormat format;
  private final @Nullable BoundMatchExpression[] measures;
  private final int[] keyFields;
  private final int[] rowFields;
  private final MatchView view = new MatchView();
  private EventBatchBuilder rows;

  private @Nullable EventBatch batch;
  private Column[] keys = new Column[0];
  private int row;
  private long time;
  private @Nullable RecordException failure;

  /** Searches that were given up. */
  long givenUp;

  RowMatchOutput(
      RowMatching matching,
      List<String> variables,
      Schema schema,
      Schema keySchema,
      RowFormat format,
      ExpressionContext expressions,
      OperatorContext context) {
    this.matching = matching;
    this.context = context;
    this.schema = schema;
    this.keySchema = keySchema;
    this.format = format;
    this.measures = measures(matching, variables, format, expressions);
    this.keyFields = new int[schema.size()];
    this.rowFields = new int[schema.size()];
    for (int c = 0; c < schema.size(); c++) {
      boolean isPassed = matching.outputs().get(c) instanceof RowMatching.Passed;
      String field = isPassed ? ((RowMatching.Passed) matching.outputs().get(c)).field() : "";
      keyFields[c] = isPassed ? matching.key().indexOf(field) : -1;
      rowFields[c] = isPassed && keyFields[c] < 0 ? format.schema().ordinal(field) : -1;
    }
    this.rows = new EventBatchBuilder(schema, 64);
  }

  /** The measures by the number of the field; null where a field is passed on. */
  static @Nullable BoundMatchExpression[] measures(
      RowMatching matching,
      List<String> variables,
      RowFormat format,
      ExpressionContext expressions) {
    TermStates states = TermStates.ofMeasures(variables);
    List<@Nullable BoundMatchExpression> measures = new ArrayList<>();
    for (RowMatching.OutputField output : matching.outputs()) {
      measures.add(
          output instanceof RowMatching.Measure measure
              ? BoundMatchExpression.of(
                  measure.expression(), format, variables, expressions, states)
              : null);
    }
    return measures.toArray(new @Nullable BoundMatchExpression[0]);
  }

  /**
   * What follows is of these keys.
   *
   * @param newBatch the rows that are looked at; null where only time goes on
   */
  void begin(@Nullable EventBatch newBatch, Column[] newKeys) {
    batch = newBatch;
    keys = newKeys;
  }

  /** What follows is of the key in this row, and known at this time. */
  void at(int newRow, long newTime) {
    row = newRow;
    time = newTime;
    failure = null;
  }

  @Override
  public void matched(PartitionRows partition, @Nullable MatchPath path) {
    if (!matching.rowsPerMatch().isAll()) {
      add(partition, partition.origin, path, path);
      return;
    }
    if (path == null) {
      if (matching.rowsPerMatch() != RowsPerMatch.ALL_OMIT_EMPTY) {
        add(partition, partition.start, null, null);
      }
      return;
    }
    for (MatchPath step : MatchPath.steps(path)) {
      if (!step.excluded) {
        add(partition, partition.start + step.length - 1, step, path);
      }
    }
  }

  @Override
  public void unmatched(PartitionRows partition, long position) {
    if (matching.rowsPerMatch() == RowsPerMatch.ALL_WITH_UNMATCHED
        || matching.rowsPerMatch().isOfEachRow()) {
      HeldRow of = partition.row(position);
      for (int c = 0; c < schema.size(); c++) {
        rows.column(c).append(passed(c, of));
      }
      rows.endRow(time);
    }
  }

  @Override
  public void givenUp(String bound, long value, long limit) {
    givenUp++;
  }

  private void add(
      PartitionRows partition, long position, @Nullable MatchPath at, @Nullable MatchPath last) {
    HeldRow of = partition.row(position);
    view.of(partition, at, last);
    for (int c = 0; c < schema.size(); c++) {
      BoundMatchExpression measure = measures[c];
      rows.column(c).append(measure == null ? passed(c, of) : value(measure));
    }
    rows.endRow(time);
  }

  private @Nullable Object passed(int field, HeldRow of) {
    if (keyFields[field] >= 0) {
      return keys[keyFields[field]].get(row);
    }
    return rowFields[field] >= 0 ? format.get(of.bytes, rowFields[field]) : null;
  }

  private @Nullable Object value(BoundMatchExpression measure) {
    try {
      return measure.value(view);
    } catch (RecordException e) {
      failure = e;
      return null;
    }
  }

  /** Reports what could not be evaluated, once for a row; without one the key stands for it. */
  void reportFailure(@Nullable RecordException ofConditions) {
    RecordException error = failure == null ? ofConditions : failure;
    if (error == null) {
      return;
    }
    EventBatch current = batch;
    if (current != null) {
      context.failures().failed(current, row, error);
      return;
    }
    Column[] key = new Column[keys.length];
    for (int k = 0; k < key.length; k++) {
      key[k] = keys[k].gather(new int[] {row}, 1);
    }
    context.ledger().in(1, 0);
    context.failures().failed(EventBatch.of(keySchema, key, new long[] {time}, 1), 0, error);
  }

  /** Whether as many rows wait as a batch has. */
  boolean isFull() {
    return rows.size() >= EventBatch.TARGET_ROWS;
  }

  /** Hands on what there is, in batches of the usual size. */
  void flush(Output out) {
    if (rows.size() == 0) {
      return;
    }
    EventBatch all = rows.build();
    rows = new EventBatchBuilder(schema, 64);
    for (int from = 0; from < all.size(); from += EventBatch.TARGET_ROWS) {
      int count = Math.min(EventBatch.TARGET_ROWS, all.size() - from);
      if (count == all.size()) {
        out.emit(Output.MAIN, all);
        return;
      }
      int[] some = new int[count];
      for (int i = 0; i < count; i++) {
        some[i] = from + i;
      }
      out.emit(Output.MAIN, all.gather(some, count));
    }
  }
}
