package io.fluxcore.domain.rowpattern;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.Operator;
import io.fluxcore.domain.pattern.PatternLimits;
import io.fluxcore.domain.pattern.RowFormat;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks for a row pattern in the rows of each key: the declaration that {@link #operator} compiles.
 * Rows of a key are expected in their order, which {@link io.fluxcore.domain.sort.EventTimeSort}
 * gives them. Immutable.
 *
 * <p>A match leaves as soon as no later row can make another one preferred, with the time at which
 * that was known: that of the row that decided it, of the watermark, or of its last row.
 *
 * <p>Of {@link PatternLimits}, {@code perKey} bounds the threads of a key: ways in which its rows
 * may still match. {@code total} bounds the rows that a subtask holds, and {@code eventsPerMatch}
 * those of a match. A search that comes to a bound is given up, and the next begins behind the rows
 * that it has seen; the policy {@code FAIL} fails the job.
 *
 * @param key names of the fields of the key, none where all rows are one partition
 * @param definitions what a row of a variable must be; variables without one are any row
 * @param outputs the fields of the rows that leave
 * @param withinMillis a match takes less than this from its first row to its last; 0: no bound
 * @param frame rows behind its first row that a match may have; {@link #UNBOUNDED}: any number
 * @param time EVENT or INGESTION: rows' timestamps and watermarks; PROCESSING: the host's clock
 */
public record RowMatching(
    List<String> key,
    RowPattern pattern,
    Map<String, MatchExpression> definitions,
    RowsPerMatch rowsPerMatch,
    List<OutputField> outputs,
    RowSkip skip,
    long withinMillis,
    long frame,
    PatternLimits limits,
    TimeCharacteristic time) {
  /** There is no bound. */
  public static final long UNBOUNDED = -1;

  /** A field of the rows that leave. */
  public sealed interface OutputField {
    String name();

    /** The fields of rows that it reads. */
    Set<String> fields();
  }

  /** A field of the input: of the key, or where rows of matches leave any. */
  public record Passed(String name, String field) implements OutputField {
    @Override
    public Set<String> fields() {
      return Set.of(field);
    }
  }

  /** A value of the match. */
  public record Measure(String name, MatchExpression expression) implements OutputField {
    @Override
    public Set<String> fields() {
      return expression.fields();
    }
  }

  public RowMatching {
    key = List.copyOf(key);
    definitions = Collections.unmodifiableMap(new LinkedHashMap<>(definitions));
    outputs = List.copyOf(outputs);
  }

  /** The fields of rows that are kept while they may be in a match. */
  Set<String> heldFields() {
    Set<String> fields = new LinkedHashSet<>();
    definitions.values().forEach(definition -> fields.addAll(definition.fields()));
    for (OutputField output : outputs) {
      if (!(output instanceof Passed passed && key.contains(passed.field()))) {
        fields.addAll(output.fields());
      }
    }
    return fields;
  }

  /** All fields of the input that it looks at. */
  public Set<String> usedFields() {
    Set<String> fields = new LinkedHashSet<>(key);
    fields.addAll(heldFields());
    return fields;
  }

  /** All that is wrong over a schema, by the setting of job files that it is about. */
  public Map<String, List<Diagnostic>> check(Schema input, ExpressionContext context) {
    return RowMatchCheck.of(this, input, context);
  }

  /**
   * The fields of the rows that leave.
   *
   * @throws FluxCoreException of category USER if an expression does not fit the schema
   */
  public Schema output(Schema input, ExpressionContext context) {
    RowFormat format = new RowFormat(input.closed());
    RowPatternProgram program = RowPatternCompiler.compile(pattern);
    Schema.Builder schema = Schema.builder();
    for (OutputField output : outputs) {
      DataType type =
          output instanceof Measure measure
              ? BoundMatchExpression.of(
                      measure.expression(),
                      format,
                      program.variables(),
                      context,
                      TermStates.ofMeasures(program.variables()))
                  .compiled()
                  .type()
              : input.type(input.ordinal(((Passed) output).field()));
      schema.field(output.name(), type);
    }
    return schema.build();
  }

  /** The operator for one subtask. */
  public Operator operator(Schema input, ExpressionContext context) {
    return new RowMatchOperator(this, input.closed(), context);
  }

  @Override
  public String toString() {
    String defined =
        definitions.entrySet().stream()
            .map(entry -> entry.getKey() + " as " + entry.getValue())
            .collect(Collectors.joining(", "));
    return pattern
        + (defined.isEmpty() ? "" : " where " + defined)
        + (withinMillis > 0 ? " within " + withinMillis + " ms" : "")
        + (frame == UNBOUNDED ? "" : " of " + (frame + 1) + " rows at most")
        + ", "
        + rowsPerMatch.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
        + " per match, skip "
        + skip
        + (key.isEmpty() ? "" : " by " + String.join(", ", key));
  }
}
