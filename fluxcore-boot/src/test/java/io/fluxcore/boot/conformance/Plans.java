package io.fluxcore.boot.conformance;

import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkOperator;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.ExecutionPlan.*;
import io.fluxcore.domain.operator.*;
import io.fluxcore.domain.topology.*;
import io.fluxcore.domain.window.*;
import java.util.*;

/** Interim. */
final class Plans {
  private Plans() {}

  static ExecutionPlan of(StreamTopology t, int parallelism) {
    SourceConfig sc = (SourceConfig) t.nodes().get(0).config();
    WindowConfig w = (WindowConfig) t.nodes().get(1).config();
    AggregateConfig a = (AggregateConfig) t.nodes().get(2).config();
    Source source = (Source) sc.instance();
    WindowSpec spec =
        w.shape() instanceof WindowShape.Tumbling tu
            ? WindowSpec.tumbling(tu.size().toMillis(), tu.offset().toMillis())
            : WindowSpec.sliding(
                ((WindowShape.Sliding) w.shape()).size().toMillis(),
                ((WindowShape.Sliding) w.shape()).slide().toMillis(),
                ((WindowShape.Sliding) w.shape()).offset().toMillis());
    WindowAggregation agg =
        new WindowAggregation(
            a.groupBy(),
            spec,
            a.aggregations(),
            w.allowedLateness().toMillis(),
            w.accumulation(),
            w.time());
    var schema = source.schema();
    PlannedSource ps =
        new PlannedSource(
            "input",
            "",
            source,
            schema,
            false,
            null,
            sc.time(),
            null,
            sc.watermarks(),
            ErrorPolicy.FAIL);
    Sink main = (Sink) ((SinkConfig) t.nodes().get(3).config()).instance();
    Sink late = (Sink) ((SinkConfig) t.nodes().get(4).config()).instance();
    boolean two = parallelism > 1;
    boolean pre = two && agg.canPreAggregate(schema);
    List<PlannedOperator> ops = new ArrayList<>();
    ops.add(
        new PlannedOperator(
            "aggregate",
            "",
            pre ? () -> agg.finalAggregate(schema) : () -> agg.operator(schema),
            List.of(List.of(new StageNode.Inside(1, 0)), List.of(new StageNode.Inside(2, 0))),
            ErrorPolicy.FAIL,
            true));
    ops.add(
        new PlannedOperator(
            "results", "", () -> new SinkOperator(main), List.of(), ErrorPolicy.FAIL, true));
    ops.add(
        new PlannedOperator(
            "late", "", () -> new SinkOperator(late), List.of(), ErrorPolicy.FAIL, true));
    if (!two) {
      return new ExecutionPlan(List.of(new PlannedStage(0, 1, ps, ops)), List.of());
    }
    int target = a.groupBy().isEmpty() ? 1 : parallelism;
    List<PlannedOperator> first = new ArrayList<>();
    List<PlannedEdge> edges = new ArrayList<>();
    int[] keys = new int[a.groupBy().size()];
    Arrays.setAll(keys, i -> i);
    if (pre) {
      first.add(
          new PlannedOperator(
              "aggregate#pre",
              "",
              () -> agg.preAggregate(schema),
              List.of(List.of(new StageNode.Outside(0)), List.of(new StageNode.Outside(1))),
              ErrorPolicy.FAIL,
              true));
      edges.add(new PlannedEdge(0, 1, 0, 0, new Partitioning.ByKey(keys)));
      edges.add(new PlannedEdge(0, 1, 0, 1, new Partitioning.ByKey(agg.keyOrdinals(schema))));
    } else {
      first.add(
          new PlannedOperator(
              "pass",
              "",
              () ->
                  new Operator() {
                    @Override
                    public void open(OperatorContext c) {}

                    @Override
                    public void process(int i, io.fluxcore.domain.event.EventBatch b, Output o) {
                      o.emit(b);
                    }
                  },
              List.of(List.of(new StageNode.Outside(0))),
              ErrorPolicy.FAIL,
              true));
      edges.add(new PlannedEdge(0, 1, 0, 0, new Partitioning.ByKey(agg.keyOrdinals(schema))));
    }
    return new ExecutionPlan(
        List.of(
            new PlannedStage(0, parallelism, ps, first), new PlannedStage(1, target, null, ops)),
        edges);
  }
}
