package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.rowpattern.MatchExpression;
import io.fluxcore.domain.rowpattern.RowMatching;
import io.fluxcore.domain.sort.EventTimeSort;
import io.fluxcore.domain.time.TimeCharacteristic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a row pattern: what SQL's {@code MATCH_RECOGNIZE} becomes. In event time the rows of a
 * key are put in order first; those that are late leave by the port {@code late}.
 *
 * @param matching what is looked for
 * @param thenBy decides between rows of the same time; without it those that came first are first
 */
public record RowMatchConfig(
    RowMatching matching, List<SortField> thenBy, @Nullable ErrorPolicy errors)
    implements OperatorConfig {
  public RowMatchConfig {
    thenBy = List.copyOf(thenBy);
  }

  private boolean isProcessingTime() {
    return matching.time() == TimeCharacteristic.PROCESSING;
  }

  /** Whether a match has a time, or a number of rows, that it cannot go beyond. */
  public boolean isBounded() {
    return matching.withinMillis() > 0 || matching.frame() >= 0;
  }

  @Override
  public String describe() {
    String measures =
        matching.outputs().stream()
            .filter(RowMatching.Measure.class::isInstance)
            .map(output -> output.name() + " = " + ((RowMatching.Measure) output).expression())
            .collect(Collectors.joining(", "));
    return "row pattern "
        + matching
        + (measures.isEmpty() ? "" : ", giving " + measures)
        + (isProcessingTime() ? " in processing time" : "")
        + (isBounded()
            ? ""
            : ", without a time: at most " + matching.limits().eventsPerMatch() + " rows a match");
  }

  @Override
  public List<String> ports() {
    return isProcessingTime() ? List.of() : List.of(WindowConfig.LATE_PORT);
  }

  @Override
  public void check(NodeFindings findings) {
    findings.distinct("key", matching.key());
    findings.distinct(
        "fields", matching.outputs().stream().map(RowMatching.OutputField::name).toList());
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    List<FieldUse> uses = new ArrayList<>();
    matching.usedFields().forEach(field -> uses.add(FieldUse.of(field, DataType.NESTED)));
    thenBy.forEach(field -> uses.add(FieldUse.of(field.name(), DataType.DOUBLE)));
    return uses;
  }

  @Override
  public @Nullable InputField origin(String port, String field) {
    if (port.equals(WindowConfig.LATE_PORT)) {
      return new InputField(0, field);
    }
    for (RowMatching.OutputField output : matching.outputs()) {
      if (output.name().equals(field) && output instanceof RowMatching.Passed passed) {
        return new InputField(0, passed.field());
      }
    }
    return null;
  }

  @Override
  public @Nullable String passedAs(int input, String field) {
    for (RowMatching.OutputField output : matching.outputs()) {
      if (output instanceof RowMatching.Passed passed && passed.field().equals(field)) {
        return passed.name();
      }
    }
    return null;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    Schema input = inputs.get(0);
    Map<String, Schema> outputs = new LinkedHashMap<>();
    if (!isProcessingTime()) {
      outputs.put(WindowConfig.LATE_PORT, input);
    }
    boolean complete = findings.key("key", matching.key(), input);
    for (Map.Entry<String, MatchExpression> definition : matching.definitions().entrySet()) {
      for (String field : definition.getValue().fields()) {
        complete &= findings.hasField("define." + definition.getKey(), field, input);
      }
    }
    for (RowMatching.OutputField output : matching.outputs()) {
      for (String field : output.fields()) {
        complete &= findings.hasField("fields." + output.name(), field, input);
      }
    }
    for (SortField field : thenBy) {
      complete &= findings.hasField("thenBy", field.name(), input);
    }
    Map<String, List<Diagnostic>> problems =
        complete ? matching.check(input, expressions) : Map.of();
    problems.forEach(findings::addAll);
    if (complete && problems.isEmpty()) {
      outputs.put(MAIN_PORT, matching.output(input, expressions));
    }
    return outputs;
  }

  @Override
  public List<String> key(int input) {
    return matching.key();
  }

  @Override
  public boolean needsEventTime() {
    return !isProcessingTime();
  }

  @Override
  public @Nullable EventTimeSort sort() {
    return isProcessingTime()
        ? null
        : new EventTimeSort(matching.key(), thenBy, EventTimeSort.DEFAULT_MAX_ROWS);
  }

  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema input = inputs.get(0);
    Schema rows = matching.output(input, tools.expressions());
    List<Schema> ports = isProcessingTime() ? List.of(rows) : List.of(rows, input);
    // without more to go by, rows of equal times count in the order of their arrival
    boolean deterministic = !isProcessingTime() && !thenBy.isEmpty();
    return new OperatorPlan(
        () -> matching.operator(input, tools.expressions()), ports, deterministic);
  }
}
