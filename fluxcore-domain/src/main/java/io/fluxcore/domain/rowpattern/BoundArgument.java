package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.RecordException;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.ColumnBuilder;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.RowErrors;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.CompiledExpression;
import io.fluxcore.domain.expression.Expression;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.pattern.RowFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is computed of one row: an argument of a {@link MatchTerm}. Used by one thread. */
final class BoundArgument {
  static final RowErrors THROWING =
      (row, error) -> {
        throw error;
      };

  private static final int IS_CLASSIFIER = -1;
  private static final int IS_NUMBER = -2;

  private final RowFormat format;
  private final Schema schema;
  private final int[] sources;
  private final CompiledExpression compiled;
  private final boolean isPlain;

  /**
   * An argument.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER that holds all that is
   *     wrong
   */
  BoundArgument(Expression expression, RowFormat format, ExpressionContext context) {
    this.format = format;
    List<Field> fields = new ArrayList<>();
    List<Integer> ordinals = new ArrayList<>();
    for (String name : expression.fields()) {
      if (name.equals(MatchTerm.CLASSIFIER)) {
        fields.add(new Field(name, DataType.STRING));
        ordinals.add(IS_CLASSIFIER);
      } else if (name.equals(MatchTerm.MATCH_NUMBER)) {
        fields.add(new Field(name, DataType.LONG));
        ordinals.add(IS_NUMBER);
      } else if (format.schema().indexOf(name) >= 0) {
        fields.add(format.schema().field(format.schema().ordinal(name)));
        ordinals.add(format.schema().ordinal(name));
      }
    }
    this.schema = Schema.of(fields);
    this.sources = ordinals.stream().mapToInt(Integer::intValue).toArray();
    this.compiled = expression.compile(schema, context);
    this.isPlain = expression.columnName() != null;
  }

  DataType type() {
    return compiled.type();
  }

  boolean readsClassifier() {
    return java.util.Arrays.stream(sources).anyMatch(source -> source == IS_CLASSIFIER);
  }

  boolean readsNumber() {
    return java.util.Arrays.stream(sources).anyMatch(source -> source == IS_NUMBER);
  }

  /**
   * The value.
   *
   * @param classifier the variable that the row is mapped to
   * @param number of the match
   * @throws RecordException if there is none
   */
  @Nullable Object of(HeldRow row, @Nullable String classifier, long number) {
    if (isPlain) {
      return source(sources[0], row, classifier, number);
    }
    Column[] columns = new Column[sources.length];
    for (int i = 0; i < sources.length; i++) {
      columns[i] = column(schema.type(i), source(sources[i], row, classifier, number));
    }
    EventBatch batch = EventBatch.of(schema, columns, new long[] {row.timestamp}, 1);
    return compiled.evaluate(batch, THROWING).get(0);
  }

  private @Nullable Object source(
      int source, HeldRow row, @Nullable String classifier, long number) {
    return switch (source) {
      case IS_CLASSIFIER -> classifier;
      case IS_NUMBER -> number;
      default -> format.get(row.bytes, source);
    };
  }

  /** A column of one value. */
  static Column column(DataType type, @Nullable Object value) {
    ColumnBuilder builder = new ColumnBuilder(type, 1);
    try {
      builder.append(value);
    } catch (ArithmeticException e) {
      throw new RecordException(
          "FLX-PATTERN-0021", "a value over the rows of a match: " + e.getMessage(), e);
    }
    return builder.build();
  }
}
