package io.fluxcore.application.explain;

import io.fluxcore.application.graph.JobGraph;
import io.fluxcore.application.planner.ExecutionPlan;
import io.fluxcore.application.planner.PlannedTopology;
import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.join.JoinType;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.over.Frame;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.DeduplicateConfig;
import io.fluxcore.domain.topology.JoinBound;
import io.fluxcore.domain.topology.JoinConfig;
import io.fluxcore.domain.topology.LookupConfig;
import io.fluxcore.domain.topology.NodeConfig;
import io.fluxcore.domain.topology.OperatorConfig;
import io.fluxcore.domain.topology.OrderConfig;
import io.fluxcore.domain.topology.OrderedOverConfig;
import io.fluxcore.domain.topology.OverConfig;
import io.fluxcore.domain.topology.PatternConfig;
import io.fluxcore.domain.topology.PortRef;
import io.fluxcore.domain.topology.RowMatchConfig;
import io.fluxcore.domain.topology.SetConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.TopNConfig;
import io.fluxcore.domain.topology.TopologyAnalysis;
import io.fluxcore.domain.topology.TopologyNode;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.WindowConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells what state the nodes of a planned topology keep. */
public final class StateEstimates {
  private final TopologyAnalysis analysis;
  private final PlannedTopology planned;
  private final Map<String, StateEstimate> ofParts = new TreeMap<>();

  private StateEstimates(PlannedTopology planned) {
    this.planned = planned;
    this.analysis = planned.analysis();
    planned.plan().stages().stream()
        .flatMap(stage -> stage.operators().stream())
        .forEach(this::part);
  }

  /** The estimates of a topology. */
  public static StateEstimates of(PlannedTopology planned) {
    return new StateEstimates(planned);
  }

  /** What the planner puts before a node to make its changes those that it takes. */
  private void part(ExecutionPlan.PlannedOperator operator) {
    String id = operator.operatorId();
    if (id.contains("#materialize") || id.contains("#normalize")) {
      ofParts.merge(
          JobGraph.nodeOf(id),
          StateEstimate.unbounded("a row for each key (" + operator.description() + ")"),
          StateEstimate::and);
    }
  }

  /** What a node keeps. Where all that it reads comes to an end, its state does so, too. */
  public StateEstimate of(TopologyNode node) {
    StateEstimate estimate =
        declared(node).and(ofParts.getOrDefault(node.name(), StateEstimate.NONE));
    return estimate.kind() == StateEstimate.Kind.UNBOUNDED && planned.hasEnd(node)
        ? StateEstimate.bounded("until its input ends; " + estimate.by())
        : estimate;
  }

  /** A warning for each node whose state grows without bound, or that never gives anything. */
  public List<Diagnostic> warnings() {
    List<Diagnostic> warnings = new ArrayList<>();
    for (TopologyNode node : analysis.order()) {
      if (node.config() instanceof OrderConfig && !planned.hasEnd(node)) {
        warnings.add(
            Diagnostic.warning(
                "FLX-PLAN-0021",
                Place.of("node '" + node.name() + "'"),
                "it gives its rows in order when its input ends, which one of its sources never"
                    + " does",
                "read sources that end, put rows in the order of event time, or ask for the first"
                    + " rows"));
      }
      StateEstimate estimate = of(node);
      if (estimate.kind() == StateEstimate.Kind.UNBOUNDED) {
        warnings.add(
            Diagnostic.warning(
                "FLX-PLAN-0020",
                Place.of("node '" + node.name() + "'"),
                "its state grows without bound: " + estimate.by(),
                "bound it by a window, by an interval of time or by a time-to-live (in SQL: SET"
                    + " 'stateTimeToLive' = '1d'), or see to it that there are few different keys"));
      }
    }
    return List.copyOf(warnings);
  }

  private StateEstimate declared(TopologyNode node) {
    NodeConfig config = node.config();
    if (config instanceof AggregateConfig aggregate) {
      return aggregate(node, aggregate);
    } else if (config instanceof JoinConfig join) {
      return join(node, join);
    } else if (config instanceof OperatorConfig operator && operator.isStateless()) {
      return StateEstimate.NONE;
    } else if (config instanceof LookupConfig) {
      return StateEstimate.bounded("rows that wait for their answer");
    } else if (config instanceof DeduplicateConfig deduplicate) {
      return deduplicate.within() == null
          ? StateEstimate.unbounded("an entry for each different " + names(deduplicate.key()))
          : StateEstimate.bounded("keys of the last " + deduplicate.within());
    } else if (config instanceof TopNConfig top) {
      return top(node, top);
    } else if (config instanceof OrderConfig) {
      return StateEstimate.unbounded("all rows, of which none is given before the input ends");
    } else if (config instanceof OverConfig over) {
      return over(over);
    } else if (config instanceof OrderedOverConfig over) {
      return over.timeToLive() == null
          ? StateEstimate.unbounded("all rows")
          : StateEstimate.bounded("rows of keys of the last " + over.timeToLive());
    } else if (config instanceof SetConfig set) {
      return set.operation().life() == null
          ? StateEstimate.unbounded("an entry for each different row of both inputs")
          : StateEstimate.bounded("rows of the last " + set.operation().life());
    } else if (config instanceof PatternConfig pattern) {
      return pattern(pattern);
    } else if (config instanceof RowMatchConfig rows) {
      return rows.isBounded()
          ? StateEstimate.bounded("rows of matches whose time is not over")
          : StateEstimate.bounded("rows that may still match, up to the limits of the pattern");
    } else if (config instanceof TransformConfig.Sort) {
      return StateEstimate.bounded("rows that wait for the watermark");
    } else if (config instanceof TransformConfig.ProcessCode) {
      return StateEstimate.unbounded("whatever the function keeps for each key");
    } else if (config instanceof OperatorConfig) {
      return StateEstimate.unbounded("what it keeps for each key");
    }
    return StateEstimate.NONE;
  }

  private StateEstimate aggregate(TopologyNode node, AggregateConfig aggregate) {
    WindowConfig window = analysis.windowOf(node).orElse(null);
    if (window != null) {
      return StateEstimate.bounded("groups of windows that are open (" + window.describe() + ")");
    }
    String each = kept(aggregate);
    if (aggregate.groupBy().isEmpty()) {
      return each.isEmpty() || aggregate.timeToLive() != null
          ? StateEstimate.bounded("one group" + each)
          : StateEstimate.unbounded("one group" + each);
    }
    return aggregate.timeToLive() == null
        ? StateEstimate.unbounded("a group for each different " + names(aggregate.groupBy()) + each)
        : StateEstimate.bounded("groups of the last " + aggregate.timeToLive() + each);
  }

  /** What a group keeps of its rows, if it keeps more than results. */
  private static String kept(AggregateConfig aggregate) {
    Set<String> kept = new TreeSet<>();
    for (AggregateCall call : aggregate.aggregations()) {
      switch (call.kind()) {
        case LIST -> kept.add("all its rows");
        case PERCENTILE_CONT, PERCENTILE_DISC -> kept.add("its different values");
        default -> {}
      }
    }
    return kept.isEmpty() ? "" : ", with " + String.join(" and ", kept);
  }

  private StateEstimate join(TopologyNode node, JoinConfig join) {
    JoinBound bound = join.bound();
    if (bound instanceof JoinBound.Window window) {
      return StateEstimate.bounded("rows of windows that are open (" + window + ")");
    } else if (bound instanceof JoinBound.Interval interval) {
      return StateEstimate.bounded("rows within the interval (" + interval + ")");
    } else if (bound instanceof JoinBound.Temporal temporal) {
      return life(temporal.timeToLive(), "the latest version for each key of the right input");
    } else if (bound instanceof JoinBound.Table table) {
      String rows = table.allRows() ? "all rows" : "a row for each key";
      boolean isAppend = analysis.inputChanges(node, JoinType.LEFT_INPUT).isAppend();
      return life(
          table.timeToLive(),
          rows
              + " of the right input"
              + (isAppend ? "" : ", and what each row of the left one found"));
    }
    if (bound instanceof JoinBound.Unbounded unbounded
        && !Objects.equals(unbounded.left(), unbounded.right())) {
      return sides(unbounded.left(), unbounded.right());
    }
    TimeToLive life =
        bound instanceof JoinBound.AsOf closest
            ? closest.timeToLive()
            : ((JoinBound.Unbounded) bound).left();
    return life == null
        ? StateEstimate.unbounded("all rows of both inputs")
        : StateEstimate.bounded("rows of keys of the last " + life);
  }

  private static StateEstimate sides(@Nullable TimeToLive left, @Nullable TimeToLive right) {
    return left != null && right != null
        ? StateEstimate.bounded("rows of keys of the last " + left + " left, " + right + " right")
        : StateEstimate.unbounded(
            "all rows of the " + (left == null ? "left" : "right") + " input");
  }

  private static StateEstimate life(@Nullable Duration life, String what) {
    return life == null
        ? StateEstimate.unbounded(what)
        : StateEstimate.bounded("rows of the last " + DurationText.format(life));
  }

  private StateEstimate top(TopologyNode node, TopNConfig top) {
    if (top.perWindow()) {
      return StateEstimate.bounded("ranked rows of windows that are open");
    }
    boolean retracts = !analysis.inputChanges(node, 0).isAppend();
    if (top.timeToLive() != null) {
      return StateEstimate.bounded("rows of keys of the last " + top.timeToLive());
    }
    if (top.key().isEmpty()) {
      return retracts
          ? StateEstimate.unbounded("all rows, since any may come to be among the first")
          : StateEstimate.bounded(top.to() + " rows");
    }
    return StateEstimate.unbounded(
        (retracts ? "all rows" : top.to() + (top.to() == 1 ? " row" : " rows"))
            + " for each different "
            + names(top.key()));
  }

  private static StateEstimate over(OverConfig over) {
    Frame frame = over.frame();
    if (!frame.isUnbounded() && frame.unit() == Frame.Unit.RANGE) {
      return StateEstimate.bounded("rows of the last " + frame);
    }
    String what = frame.isUnbounded() ? "an aggregate" : frame.preceding() + 1 + " rows";
    return over.key().isEmpty()
        ? StateEstimate.bounded(what + " of all rows")
        : StateEstimate.unbounded(what + " for each different " + names(over.key()));
  }

  private static StateEstimate pattern(PatternConfig pattern) {
    boolean isBounded = pattern.rules().stream().allMatch(rule -> rule.pattern().within() != null);
    return isBounded
        ? StateEstimate.bounded("partial matches whose time is not over")
        : StateEstimate.bounded("partial matches, up to the limits of the pattern");
  }

  private static String names(List<String> fields) {
    return fields.size() == 1 ? fields.get(0) : "(" + String.join(", ", fields) + ")";
  }

  /** The changes that a node gives: of a sink, those that it is given. */
  String changes(TopologyNode node) {
    if (node.config() instanceof SinkConfig) {
      return analysis.inputChanges(node, 0).toString();
    }
    return analysis.changes(new PortRef(node.name(), NodeConfig.MAIN_PORT)).toString();
  }
}
