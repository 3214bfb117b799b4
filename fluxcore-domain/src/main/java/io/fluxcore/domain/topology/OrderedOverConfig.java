package io.fluxcore.domain.topology;

import io.fluxcore.domain.aggregate.AggregateContext;
import io.fluxcore.domain.aggregate.AggregateProgram;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.over.Frame;
import io.fluxcore.domain.over.OrderedOver;
import io.fluxcore.domain.over.OverCall;
import io.fluxcore.domain.over.OverWindow;
import io.fluxcore.domain.row.SortField;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Each row of a key with what the rows around it, in an order of fields, come to: its number, its
 * share, fields of other rows, aggregates over a frame around it. All rows are kept; a row that
 * comes or is taken back changes what others come to: a changelog. Of rows in the order of event
 * time alone {@link OverConfig} keeps less.
 *
 * @param key fields whose rows are taken together; none: those of the {@code keyBy} above, or all
 *     rows
 * @param orderBy the order, of rows of one place that of their arrival; none: all are of one place
 * @param frame which rows aggregates are over; distances are those of the one field of the order,
 *     in milliseconds of a time
 * @param calls what is computed, at least one
 * @param timeToLive how long the rows of a key are remembered after the last one; null: for ever
 */
public record OrderedOverConfig(
    List<String> key,
    List<SortField> orderBy,
    Frame frame,
    List<OverCall> calls,
    @Nullable TimeToLive timeToLive,
    @Nullable ErrorPolicy errors)
    implements OperatorConfig {
  public OrderedOverConfig {
    key = List.copyOf(key);
    orderBy = List.copyOf(orderBy);
    calls = List.copyOf(calls);
  }

  private OrderedOver over(ExpressionContext expressions, SketchFactory sketches) {
    return new OrderedOver(
        key, orderBy, frame, calls, new AggregateContext(expressions, sketches, false), timeToLive);
  }

  @Override
  public String describe() {
    return over(AggregateContext.STANDARD.expressions(), SketchFactory.NONE).toString();
  }

  @Override
  public OperatorConfig keyedBy(List<String> above) {
    return key.isEmpty()
        ? new OrderedOverConfig(above, orderBy, frame, calls, timeToLive, errors)
        : this;
  }

  @Override
  public void check(NodeFindings findings) {
    findings.distinct("key", key);
    findings.distinct("orderBy", orderBy.stream().map(SortField::name).toList());
    if (calls.isEmpty()) {
      findings.missing("fields", "at least one field");
    }
    for (OverCall call : calls) {
      OverConfig.checkDistance(call, findings);
      boolean hasPosition =
          call instanceof OverCall.Value value
              ? value.position() >= 1
              : !(call instanceof OverCall.Tile tile) || tile.groups() >= 1;
      if (!hasPosition) {
        findings.error(
            "FLX-TOPO-0072", "fields." + call.output(), "'" + call + "'", "give 1 or more");
      }
    }
    if (frame.isMeasured() && orderBy.size() != 1) {
      findings.error(
          "FLX-TOPO-0071",
          "frame",
          "the frame is " + frame + ", and rows are in the order of " + orderBy.size() + " fields",
          "order by one field, or count rows");
    }
  }

  @Override
  public List<FieldUse> uses(int input, ExpressionContext expressions) {
    List<FieldUse> uses = new ArrayList<>(OverConfig.uses(key, calls));
    orderBy.forEach(field -> uses.add(FieldUse.of(field.name(), DataType.DOUBLE)));
    return uses;
  }

  @Override
  public @Nullable InputField origin(String port, String field) {
    boolean isComputed = calls.stream().anyMatch(call -> call.output().equals(field));
    return isComputed ? null : new InputField(0, field);
  }

  @Override
  public String passedAs(int input, String field) {
    return field;
  }

  @Override
  public Map<String, Schema> outputs(
      List<Schema> inputs, NodeFindings findings, ExpressionContext expressions) {
    Schema input = inputs.get(0);
    boolean complete = findings.key("key", key, input);
    complete &= findings.order("orderBy", orderBy, input);
    complete &= OverConfig.checkFields(calls, input, findings);
    OrderedOver over = over(expressions, SketchFactory.NONE);
    if (complete && over.measured() != null) {
      DataType type = input.type(input.ordinal(over.measured()));
      if (!OrderedOver.canMeasure(type)) {
        findings.error(
            "FLX-TOPO-0071",
            "frame",
            "the frame is " + frame + ", and '" + over.measured() + "' is " + type,
            "order by a long, a double, a date or a time, or count rows");
        complete = false;
      }
    }
    Map<String, Schema> outputs = new LinkedHashMap<>();
    if (complete) {
      List<Diagnostic> problems =
          AggregateProgram.check(OverWindow.aggregates(calls), input, expressions);
      findings.addAll("fields", problems);
      if (problems.isEmpty()) {
        outputs.put(MAIN_PORT, over.outputSchema(input, input));
      }
    }
    return outputs;
  }

  @Override
  public List<String> key(int input) {
    return key;
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
    return Changes.retracts(inputs.get(0).key());
  }

  /** Rows of one place are in the order of their arrival, which counts where rows are numbered. */
  @Override
  public OperatorPlan plan(
      List<Schema> inputs, List<Changes> changes, List<Schema> outputs, OperatorTools tools) {
    Schema input = inputs.get(0);
    Schema rows = OverConfig.passed(this, outputs.get(0));
    OrderedOver over = over(tools.expressions(), tools.sketches());
    return new OperatorPlan(
        () -> over.operator(input, rows), List.of(over.outputSchema(rows, input)), false);
  }
}
