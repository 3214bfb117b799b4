package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.CompiledPredicate;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link StageExpression} bound to a schema, for one event and match at a time. Used by one
 * thread.
 */
final class BoundStageExpression {
  private static final int[] FIRST_ROW = {0};
  private static final RowErrors THROWING =
      (row, error) -> {
        throw error;
      };

  private final int[] ownFields;
  private final StageReader[] readers;
  private final Schema schema;

  private BoundStageExpression(
      StageExpression expression,
      List<String> stages,
      RowFormat format,
      ExpressionContext context) {
    Schema whole = expression.schema(format.schema(), context);
    List<Field> fields = new ArrayList<>();
    List<Integer> own = new ArrayList<>();
    for (String name : expression.residual().fields()) {
      int ordinal = format.schema().indexOf(name);
      if (!expression.aggregates().containsKey(name) && ordinal >= 0) {
        fields.add(format.schema().field(ordinal));
        own.add(ordinal);
      }
    }
    List<StageReader> bound = new ArrayList<>();
    expression
        .aggregates()
        .forEach(
            (name, aggregate) -> {
              fields.add(whole.field(whole.ordinal(name)));
              bound.add(new StageReader(aggregate, stages, format, context));
            });
    this.ownFields = own.stream().mapToInt(Integer::intValue).toArray();
    this.readers = bound.toArray(new StageReader[0]);
    this.schema = Schema.of(fields);
  }

  /**
   * As a condition.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER that holds all that is
   *     wrong
   */
  static MatchCondition condition(
      StageExpression expression,
      List<String> stages,
      RowFormat format,
      ExpressionContext context) {
    BoundStageExpression bound = new BoundStageExpression(expression, stages, format, context);
    CompiledPredicate predicate = expression.residual().compilePredicate(bound.schema, context);
    int[] selected = new int[1];
    return (event, before) -> predicate.select(bound.row(event, before), selected, THROWING) == 1;
  }

  /** What is computed of a match. */
  interface Measure {
    DataType type();

    /**
     * The value.
     *
     * @throws RecordException if there is none
     */
    @Nullable Object of(Link last);
  }

  /**
   * As a measure.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER that holds all that is
   *     wrong
   */
  static Measure measure(
      StageExpression expression,
      List<String> stages,
      RowFormat format,
      ExpressionContext context) {
    BoundStageExpression bound = new BoundStageExpression(expression, stages, format, context);
    CompiledExpression compiled = expression.residual().compile(bound.schema, context);
    return new Measure() {
      @Override
      public DataType type() {
        return compiled.type();
      }

      @Override
      public @Nullable Object of(Link last) {
        return compiled.evaluate(bound.row(null, last), THROWING).get(0);
      }
    };
  }

  private EventBatch row(@Nullable CurrentEvent event, @Nullable Link links) {
    Column[] columns = new Column[schema.size()];
    int at = 0;
    for (int field : ownFields) {
      columns[at++] =
          event == null
              ? value(schema.type(at - 1), null)
              : event.batch().column(field).gather(new int[] {event.row()}, 1);
    }
    for (StageReader reader : readers) {
      columns[at] = value(schema.type(at), reader.read(links));
      at++;
    }
    long time = event == null ? EventBatch.NO_TIMESTAMP : event.timestamp();
    return EventBatch.of(schema, columns, new long[] {time}, FIRST_ROW.length);
  }

  private static Column value(DataType type, @Nullable Object value) {
    ColumnBuilder builder = new ColumnBuilder(type, 1);
    try {
      builder.append(value);
    } catch (ArithmeticException e) {
      throw new RecordException(
          "FLX-PATTERN-0021", "a value over the events of a stage: " + e.getMessage(), e);
    }
    return builder.build();
  }
}
