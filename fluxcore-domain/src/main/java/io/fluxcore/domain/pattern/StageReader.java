package io.fluxcore.domain.pattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link StageAggregate} bound to a schema: reads the links of a match. Used by one thread. */
final class StageReader {
  private final StageAggregate.Kind kind;
  private final int stage;
  private final RowFormat format;

  /** The field that is read, or -1 where it is an expression or nothing. */
  private final int field;

  private final int[] fields;
  private final Schema argumentSchema;
  private final @Nullable CompiledExpression argument;

  StageReader(
      StageAggregate aggregate, List<String> stages, RowFormat format, ExpressionContext context) {
    this.kind = aggregate.kind();
    this.stage = stages.indexOf(aggregate.stage());
    this.format = format;
    Expression of = aggregate.argument();
    String column = of == null ? null : of.columnName();
    this.field = column == null ? -1 : format.schema().ordinal(column);
    List<Field> used = new ArrayList<>();
    if (of != null && column == null) {
      of.fields().forEach(name -> used.add(format.schema().field(format.schema().ordinal(name))));
    }
    this.fields = used.stream().mapToInt(f -> format.schema().ordinal(f.name())).toArray();
    this.argumentSchema = Schema.of(used);
    this.argument = of == null || column != null ? null : of.compile(argumentSchema, context);
  }

  /**
   * The value over the events of a match.
   *
   * @throws RecordException if an event has none, or the sum is too large
   */
  @Nullable Object read(@Nullable Link last) {
    if (kind == StageAggregate.Kind.LAST && argument == null) {
      for (Link link = last; link != null; link = link.previous) {
        if (link.stage == stage) {
          return format.get(link.event.row, field);
        }
      }
      return null;
    }
    HeldEvent[] events = Link.events(last, stage);
    if (kind == StageAggregate.Kind.FIRST && argument == null) {
      return events.length == 0 ? null : format.get(events[0].row, field);
    }
    if (field < 0 && argument == null) {
      return (long) events.length;
    }
    Column computed = argument == null || events.length == 0 ? null : computed(argument, events);
    StageAggregate.Accumulator accumulator = new StageAggregate.Accumulator(kind);
    try {
      for (int i = 0; i < events.length; i++) {
        accumulator.add(computed == null ? format.get(events[i].row, field) : computed.get(i));
      }
    } catch (ArithmeticException e) {
      throw new RecordException(
          "FLX-PATTERN-0021", kind.word() + " over the events of a stage: " + e.getMessage(), e);
    }
    return accumulator.result();
  }

  private Column computed(CompiledExpression expression, HeldEvent[] events) {
    EventBatchBuilder rows = new EventBatchBuilder(argumentSchema, events.length);
    for (HeldEvent event : events) {
      for (int i = 0; i < fields.length; i++) {
        rows.column(i).append(format.get(event.row, fields[i]));
      }
      rows.endRow(event.timestamp);
    }
    EventBatch batch = rows.build();
    return expression.evaluate(
        batch,
        (row, error) -> {
          throw error;
        });
  }
}
