package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.changelog.SetOperation;
import io.fluxcore.domain.changelog.SetOperation.Kind;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What two inputs have in common, or the left one has and the right one has not, as a changelog.
 * Rows are compared by these fields, which both inputs have, and leave with them.
 *
 * @param operation which rows are given
 * @param fields that both inputs have, of the same types
 */
public record SetConfig(SetOperation operation, List<String> fields, @Nullable ErrorPolicy errors)
    implements OperatorConfig {
  private static final List<String> INPUTS = List.of("left", "right");

  public SetConfig {
    fields = List.copyOf(fields);
  }

  /** Rows that are in both inputs, compared by these fields. */
  public static Builder intersect(String... fields) {
    return new Builder(Kind.INTERSECT, fields);
  }

  /** Rows of the left input that are not in the right one, compared by these fields. */
  public static Builder except(String... fields) {
    return new Builder(Kind.EXCEPT, fields);
  }

  @Override
  public List<String> inputNames() {
    return INPUTS;
  }

  @Override
  public String describe() {
    return operation + " by " + String.join(", ", fields);
  }

  @Override
  public void check(NodeFindings findings) {
    if (fields.isEmpty()) {
      findings.missing("fields", "the fields by which rows are compared");
    }
    findings.distinct("fields", fields);
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    return fields.stream().map(field -> FieldUse.of(field, DataType.STRING)).toList();
  }

  @Override
  public InputField origin(String port, String field) {
    return new InputField(0, field);
  }

  @Override
  public String passedAs(int input, String field) {
    return field;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    boolean complete = true;
    for (Schema input : inputs) {
      complete &= findings.key("fields", fields, input);
    }
    if (!complete) {
      return Map.of();
    }
    Schema left = rows(inputs.get(0));
    Schema right = rows(inputs.get(1));
    if (!left.equals(right)) {
      findings.error(
          "FLX-TOPO-0024",
          "from",
          "the left input has the fields " + left + " but the right one " + right,
          "project both to the same types first");
      return Map.of();
    }
    return Map.of(MAIN_PORT, left);
  }

  private Schema rows(Schema input) {
    return Schema.of(fields.stream().map(name -> input.field(input.ordinal(name))).toList());
  }

  @Override
  public List<String> key(int input) {
    return fields;
  }

  @Override
  public boolean needsEventTime() {
    return false;
  }

  @Override
  public Changes.Mode takes(int input) {
    return Changes.Mode.RETRACT;
  }

  @Override
  public Changes changes(List<Changes> inputs) {
    return Changes.retracts(operation.all() ? null : fields);
  }

  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema rows = rows(inputs.get(0));
    return new OperatorPlan(
        () -> operation.operator(inputs, rows), List.of(rows), operation.life() == null);
  }

  /** Collects the settings. Not thread-safe. */
  public static final class Builder {
    private final Kind kind;
    private final List<String> fields;
    private boolean all;
    private @Nullable TimeToLive life;
    private @Nullable ErrorPolicy errors;

    private Builder(Kind kind, String... fields) {
      this.kind = kind;
      this.fields = List.of(fields);
    }

    /** Equal rows count each, as SQL's {@code all}. */
    public Builder all() {
      all = true;
      return this;
    }

    /** How long a row is remembered after it came last. */
    public Builder withTimeToLive(TimeToLive newLife) {
      life = Objects.requireNonNull(newLife);
      return this;
    }

    /** What happens to rows that cannot be processed. */
    public Builder withErrorPolicy(ErrorPolicy policy) {
      errors = Objects.requireNonNull(policy);
      return this;
    }

    public SetConfig build() {
      return new SetConfig(new SetOperation(kind, all, life), fields, errors);
    }
  }
}
