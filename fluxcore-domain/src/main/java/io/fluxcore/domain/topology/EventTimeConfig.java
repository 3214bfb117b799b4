package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.transform.EventTimeOperator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows get another event time: that of a field. It may lie before the time that they come with, as
 * that of one side of a join does, by as much as is said; watermarks are handed on so much later.
 * Rows that lie further back may be late behind it, and a row without a time cannot be processed
 * ({@code FLX-TIME-001}).
 *
 * @param field instants; rows are spread over subtasks by it
 * @param behind by how much they may lie before the time of their rows
 */
public record EventTimeConfig(String field, Duration behind, @Nullable ErrorPolicy errors)
    implements OperatorConfig {
  public EventTimeConfig {
    Objects.requireNonNull(field);
    Objects.requireNonNull(behind);
  }

  /** The time of this field, which is at most so long before the time of its row. */
  public static EventTimeConfig of(String field, Duration behind) {
    return new EventTimeConfig(field, behind, null);
  }

  @Override
  public String describe() {
    return "event time " + field + ", at most " + DurationText.format(behind) + " behind";
  }

  @Override
  public void check(NodeFindings findings) {
    if (behind.isNegative()) {
      findings.error("FLX-QUERY-0070", "behind", "behind is " + behind, "give zero or more");
    }
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    return List.of(FieldUse.firm(field, DataType.TIMESTAMP_TZ));
  }

  @Override
  public InputField origin(String port, String name) {
    return new InputField(0, name);
  }

  @Override
  public String passedAs(int input, String name) {
    return name;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    Schema input = inputs.get(0);
    if (!findings.hasField("field", field, input)) {
      return Map.of();
    }
    DataType type = input.type(input.ordinal(field));
    if (!type.equals(DataType.TIMESTAMP_TZ)) {
      findings.error(
          "FLX-QUERY-0070",
          "field",
          "'" + field + "' is " + type + ", and not an instant",
          "project cast(" + field + " as timestamp_tz) before it");
      return Map.of();
    }
    return Map.of(MAIN_PORT, input);
  }

  @Override
  public List<String> key(int input) {
    return List.of(field);
  }

  @Override
  public boolean needsEventTime() {
    return true;
  }

  @Override
  public Changes changes(List<Changes> inputs) {
    return inputs.get(0);
  }

  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema input = inputs.get(0);
    int column = input.ordinal(field);
    return new OperatorPlan(
        () -> new EventTimeOperator(column, behind.toMillis()), List.of(input), false);
  }
}
