package io.fluxcore.domain.topology;

import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.rank.WholeOrder;
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All rows of an input that ends, in an order, when it has ended; nothing before. Rows that are
 * taken back until then are left out, so that what comes out only adds. One subtask keeps all rows.
 * For rows in the order of event time as they come see {@link TransformConfig#sort()}.
 *
 * @param orderBy the order, of rows of the same place that of their arrival; none: as they came
 * @param from the first row that is given, from 1
 * @param maxRows rows that are kept; those beyond cannot be processed ({@code FLX-SORT-0002})
 */
public record OrderConfig(
    List<SortField> orderBy, long from, long maxRows, @Nullable ErrorPolicy errors)
    implements OperatorConfig {
  public OrderConfig {
    orderBy = List.copyOf(orderBy);
  }

  /** In the order of these fields, smaller values first; nulls are the smallest. */
  public static Builder by(String... fields) {
    return new Builder().thenBy(fields);
  }

  /** In the order of these fields, larger values first. */
  public static Builder byDescending(String... fields) {
    return new Builder().thenByDescending(fields);
  }

  private WholeOrder order() {
    return new WholeOrder(orderBy, from, maxRows);
  }

  /** Also of settings that {@link #check} refuses. */
  @Override
  public String describe() {
    return new WholeOrder(orderBy, Math.max(1, from), Math.max(1, maxRows)).toString();
  }

  @Override
  public void check(NodeFindings findings) {
    findings.distinct("by", orderBy.stream().map(SortField::name).toList());
    positive("FLX-TOPO-0055", "from", from, findings);
    positive("FLX-TOPO-0051", "maxRows", maxRows, findings);
  }

  private static void positive(String code, String setting, long value, NodeFindings findings) {
    if (value < 1) {
      findings.error(code, setting, setting + " is " + value, "give 1 or more");
    }
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    return orderBy.stream().map(field -> FieldUse.of(field.name(), DataType.DOUBLE)).toList();
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
    Schema input = inputs.get(0);
    return findings.order("by", orderBy, input) ? Map.of(MAIN_PORT, input) : Map.of();
  }

  @Override
  public List<String> key(int input) {
    return List.of();
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
    return new Changes(Changes.Mode.APPEND, inputs.get(0).key());
  }

  /** Rows of one place are in the order of their arrival. */
  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema input = inputs.get(0);
    Schema rows = outputs.get(0);
    WholeOrder order = order();
    return new OperatorPlan(() -> order.operator(input, rows), List.of(rows), false);
  }

  /** Collects the settings. Not thread-safe. */
  public static final class Builder {
    private final List<SortField> orderBy = new ArrayList<>();
    private long from = 1;
    private long maxRows = WholeOrder.DEFAULT_MAX_ROWS;
    private @Nullable ErrorPolicy errors;

    private Builder() {}

    /** Fields that decide between rows of the same place, smaller values first. */
    public Builder thenBy(String... fields) {
      Arrays.stream(fields).map(SortField::ascending).forEach(orderBy::add);
      return this;
    }

    /** Fields that decide between rows of the same place, larger values first. */
    public Builder thenByDescending(String... fields) {
      Arrays.stream(fields).map(SortField::descending).forEach(orderBy::add);
      return this;
    }

    /** Leaves out the rows before this one; from 1. */
    public Builder from(long row) {
      from = row;
      return this;
    }

    /** The most rows that are kept. */
    public Builder withMaxRows(long rows) {
      maxRows = rows;
      return this;
    }

    /** What happens to rows that cannot be processed. */
    public Builder withErrorPolicy(ErrorPolicy policy) {
      errors = Objects.requireNonNull(policy);
      return this;
    }

    public OrderConfig build() {
      return new OrderConfig(orderBy, from, maxRows, errors);
    }
  }
}
