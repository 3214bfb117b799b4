package io.fluxcore.domain.topology;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.process.KeyedProcess;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.time.DurationText;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.window.WindowAggregation;
import io.fluxcore.domain.window.WindowSpec;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks of each node's settings that need no schema. */
final class SettingsCheck {
  private static final Pattern PORT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,127}");
  private static final Duration LONGEST = Duration.ofMillis(WindowSpec.MAX_TIME);

  private final TopologyGraph graph;
  private final List<Diagnostic> findings;

  SettingsCheck(TopologyGraph graph, List<Diagnostic> findings) {
    this.graph = graph;
    this.findings = findings;
  }

  void run() {
    for (TopologyNode node : graph.order()) {
      NodeConfig config = node.config();
      if (config instanceof SourceConfig source) {
        parallelism(node, source.parallelism());
        sourceTime(node, source);
      } else if (config instanceof SinkConfig sink) {
        parallelism(node, sink.parallelism());
      } else if (config instanceof WindowConfig window) {
        window(node, window);
      } else if (config instanceof AggregateConfig aggregate) {
        aggregate(node, aggregate);
      } else if (config instanceof TransformConfig transform) {
        transform(node, transform);
      } else if (config instanceof OperatorConfig operator) {
        operator.check(new NodeFindings(node, findings));
        if (operator.needsEventTime()) {
          eventTime(node, "'" + node.name() + "'");
        }
      }
    }
  }

  private void error(String code, TopologyNode node, String option, String message, String remedy) {
    findings.add(Diagnostic.error(code, TopologyGraph.place(node, option), message, remedy));
  }

  private void parallelism(TopologyNode node, int parallelism) {
    if (parallelism < 0) {
      error(
          "FLX-TOPO-0025",
          node,
          "parallelism",
          "parallelism is " + parallelism,
          "give at least 1, or leave it to the job");
    }
  }

  /** What works on the times in the events makes no sense where there are none. */
  private void sourceTime(TopologyNode node, SourceConfig source) {
    if (source.time() == TimeCharacteristic.EVENT) {
      return;
    }
    String time = source.time().name().toLowerCase(Locale.ROOT) + " time";
    if (source.watermarks().silenceFallback() != null) {
      error(
          "FLX-TOPO-0050",
          node,
          "silenceFallback",
          "'" + node.name() + "' has a silence fallback, but is in " + time,
          "leave it out, or give the source event time");
    }
    if (source.watermarks().alignment() != null) {
      error(
          "FLX-TOPO-0050",
          node,
          "alignment",
          "'" + node.name() + "' has an alignment group, but is in " + time,
          "leave it out, or give the source event time");
    }
  }

  private void window(TopologyNode node, WindowConfig window) {
    WindowShape shape = window.shape();
    if (shape instanceof WindowShape.Tumbling tumbling) {
      length("FLX-TOPO-0013", node, "duration", tumbling.size());
      offset(node, tumbling.offset());
    } else if (shape instanceof WindowShape.Sliding sliding) {
      length("FLX-TOPO-0013", node, "duration", sliding.size());
      length("FLX-TOPO-0014", node, "slide", sliding.slide());
      offset(node, sliding.offset());
    } else if (shape instanceof WindowShape.Cumulative cumulative) {
      length("FLX-TOPO-0013", node, "duration", cumulative.size());
      length("FLX-TOPO-0014", node, "step", cumulative.step());
      offset(node, cumulative.offset());
      steps(node, cumulative);
    } else if (shape instanceof WindowShape.Calendar calendar) {
      if (calendar.unit() == null) {
        missing(node, "unit", "day, week, month, quarter or year");
      }
      if (calendar.zone() == null) {
        missing(node, "zone", "a time zone, such as Europe/Berlin");
      }
    } else if (shape instanceof WindowShape.Count count) {
      count(node, count);
    } else if (shape instanceof WindowShape.Session session) {
      length("FLX-TOPO-0013", node, "gap", session.gap());
    }
    new TriggerCheck(node, window, findings).run();
    if (window.allowedLateness().isNegative() || isTooLong(window.allowedLateness())) {
      error(
          "FLX-TOPO-0015",
          node,
          "allowedLateness",
          "allowed lateness is " + DurationText.format(window.allowedLateness()),
          "give zero or a positive duration");
    }
    windowReaders(node, window);
    windowTime(node, window);
  }

  private void length(String code, TopologyNode node, String option, @Nullable Duration length) {
    if (length == null) {
      error(code, node, option, "the window has no " + option, "give a positive duration");
    } else if (length.isNegative() || length.isZero() || isTooLong(length)) {
      error(
          code,
          node,
          option,
          "the window's " + option + " is " + DurationText.format(length),
          "give a positive duration");
    } else if (!length.equals(Duration.ofMillis(length.toMillis()))) {
      error(
          code,
          node,
          option,
          "the window's " + option + " is " + length + ", finer than event time",
          "give whole milliseconds");
    }
  }

  private void offset(TopologyNode node, Duration offset) {
    if (isTooLong(offset.abs())) {
      error(
          "FLX-TOPO-0016",
          node,
          "offset",
          "the window's offset is " + offset,
          "give an offset below the window's duration");
    }
  }

  private static boolean isTooLong(Duration duration) {
    return duration.compareTo(LONGEST) > 0;
  }

  private void steps(TopologyNode node, WindowShape.Cumulative window) {
    Duration size = window.size();
    Duration step = window.step();
    if (size == null || step == null || step.toMillis() <= 0) {
      return;
    }
    if (size.toMillis() % step.toMillis() != 0) {
      error(
          "FLX-TOPO-0040",
          node,
          "step",
          "the window's duration "
              + DurationText.format(size)
              + " is no multiple of its step "
              + DurationText.format(step),
          "give a step that divides the duration");
    }
  }

  private void count(TopologyNode node, WindowShape.Count window) {
    if (window.size() <= 0) {
      error(
          "FLX-TOPO-0041",
          node,
          "size",
          "the window's size is " + window.size() + " rows",
          "give the number of rows of a window, at least 1");
    } else if (window.slide() <= 0) {
      error(
          "FLX-TOPO-0041",
          node,
          "slide",
          "the window's slide is " + window.slide() + " rows",
          "give at least 1, or leave it out for windows side by side");
    } else {
      try {
        window.spec();
      } catch (IllegalArgumentException e) {
        error(
            "FLX-TOPO-0041",
            node,
            "slide",
            String.valueOf(e.getMessage()),
            window.incomplete()
                ? "leave out the slide, or leave out 'incomplete'"
                : "give a slide that divides the size, or has a large divisor in common with it");
      }
    }
  }

  private void windowReaders(TopologyNode node, WindowConfig window) {
    List<TopologyNode> readers = graph.readers(node.name());
    if (readers.stream().noneMatch(r -> r.config() instanceof AggregateConfig)) {
      error(
          "FLX-TOPO-0011",
          node,
          "aggregate",
          "no aggregate follows the window '" + node.name() + "'",
          "declare an aggregate that reads it");
    }
    for (TopologyNode reader : readers) {
      if (!(reader.config() instanceof AggregateConfig)) {
        error(
            "FLX-TOPO-0011",
            reader,
            "input",
            "'" + reader.name() + "' reads the window '" + node.name() + "' but aggregates nothing",
            "a window is read by aggregates only; read '"
                + graph.inputs(node).stream().map(PortRef::toString).findFirst().orElse("…")
                + "' instead");
      } else if (window.lateOutput()
          && graph.readers(new PortRef(reader.name(), WindowConfig.LATE_PORT)).isEmpty()) {
        findings.add(
            Diagnostic.warning(
                "FLX-TOPO-0027",
                TopologyGraph.place(node, "lateOutput"),
                "nothing reads the late rows of '" + reader.name() + "'",
                "add a node that reads '" + reader.name() + ".late'"));
      }
    }
  }

  private void windowTime(TopologyNode node, WindowConfig window) {
    if (window.needsEventTime()) {
      eventTime(node, "the window");
    }
  }

  /** Whether the rows that come to a node have event times. */
  private void eventTime(TopologyNode node, String what) {
    timelessInput(node, what, node);
    for (TopologyNode source : sourcesOf(node)) {
      if (((SourceConfig) source.config()).time() == TimeCharacteristic.PROCESSING) {
        error(
            "FLX-TOPO-0022",
            node,
            "time",
            what
                + " is in event time, but the source '"
                + source.name()
                + "' is in processing time",
            (node.config() instanceof WindowConfig
                    ? "give the window processing time, or "
                    : "give ")
                + "the source event or ingestion time");
      }
    }
  }

  /** Whether rows come to a node of event time from windows whose results have none. */
  private void timelessInput(TopologyNode node, String what, TopologyNode at) {
    for (PortRef input : graph.inputs(at)) {
      TopologyNode upstream = graph.node(input.node());
      if (upstream.config() instanceof AggregateConfig
          && input.port().equals(NodeConfig.MAIN_PORT)) {
        WindowConfig window = graph.windowOf(upstream);
        if (window == null || !window.givesEventTime()) {
          error(
              "FLX-TOPO-0043",
              node,
              "time",
              what
                  + " is in event time, but the results of '"
                  + upstream.name()
                  + "' have none: "
                  + (window == null ? "they are of all times" : "its window has no end in time"),
              (node.config() instanceof WindowConfig ? "give the window processing time, or " : "")
                  + "use a window of time upstream");
        }
      } else {
        timelessInput(node, what, upstream);
      }
    }
  }

  private Collection<TopologyNode> sourcesOf(TopologyNode node) {
    Set<TopologyNode> sources = new LinkedHashSet<>();
    if (node.config() instanceof SourceConfig) {
      sources.add(node);
    }
    for (PortRef input : graph.inputs(node)) {
      sources.addAll(sourcesOf(graph.node(input.node())));
    }
    return sources;
  }

  private void aggregate(TopologyNode node, AggregateConfig aggregate) {
    List<PortRef> inputs = graph.inputs(node);
    WindowConfig window = graph.windowOf(node);
    if (window != null && inputs.size() > 1) {
      error(
          "FLX-TOPO-0012",
          node,
          "input",
          "'" + node.name() + "' reads a window and something else",
          "let it read one window alone, or no window");
    }
    if (window != null && aggregate.timeToLive() != null) {
      error(
          "FLX-TOPO-0054",
          node,
          "timeToLive",
          "a group has a time-to-live of "
              + aggregate.timeToLive()
              + ", but windows end by themselves",
          "leave it out, or leave out the window");
    }
    PortRef late = new PortRef(node.name(), WindowConfig.LATE_PORT);
    if (window == null && !graph.readers(late).isEmpty()) {
      error(
          "FLX-TOPO-0006",
          graph.readers(late).get(0),
          "from",
          "'" + node.name() + "' has no output 'late': without a window no row is late",
          "leave it out, or declare a window before '" + node.name() + "'");
    }
    if (aggregate.aggregations().isEmpty()) {
      error("FLX-TOPO-0021", node, "aggregates", "there is nothing to aggregate", "add count()");
    }
    Set<String> names = new HashSet<>(aggregate.groupBy());
    if (names.size() < aggregate.groupBy().size()) {
      error(
          "FLX-TOPO-0020",
          node,
          "groupBy",
          "a field is named twice in " + aggregate.groupBy(),
          "name it once");
    }
    boolean isTimed = window != null && window.givesEventTime();
    List<String> bounds =
        isTimed ? List.of(WindowAggregation.WINDOW_START, WindowAggregation.WINDOW_END) : List.of();
    names.addAll(bounds);
    for (String bound : bounds) {
      if (aggregate.groupBy().contains(bound)) {
        duplicate(node, bound, "rename the field before the window");
      }
    }
    aggregate.aggregations().stream()
        .filter(call -> !names.add(call.output()))
        .forEach(call -> duplicate(node, call.output(), "name it with as(…)"));
  }

  private void duplicate(TopologyNode node, String name, String remedy) {
    error(
        "FLX-TOPO-0020", node, "output", "the result would have two fields '" + name + "'", remedy);
  }

  private void transform(TopologyNode node, TransformConfig transform) {
    if (transform instanceof TransformConfig.Filter filter && filter.criterion() == null) {
      missing(node, "predicate", "a predicate or an expression");
    } else if (transform instanceof TransformConfig.Project project && project.fields().isEmpty()) {
      missing(node, "fields", "at least one field");
    } else if (transform instanceof TransformConfig.FlatMap flatMap) {
      if (flatMap.function() == null) {
        missing(node, "function", "a function");
      }
      if (flatMap.output() == null) {
        missing(node, "schema", "the fields of the rows that it emits");
      }
    } else if (transform instanceof TransformConfig.Unnest unnest) {
      if (unnest.field().isBlank() || unnest.as().isBlank()) {
        missing(node, "field", "the field that holds lists, and a name for their elements");
      }
      if (unnest.as().equals(unnest.position())) {
        duplicate(node, unnest.as(), "give the position another name");
      }
    } else if (transform instanceof TransformConfig.ProcessCode process) {
      process(node, process);
    } else if (transform instanceof TransformConfig.Rename rename && rename.names().isEmpty()) {
      missing(node, "fields", "at least one field");
    } else if (transform instanceof TransformConfig.KeyBy keyBy) {
      if (keyBy.fields().isEmpty()) {
        missing(node, "fields", "at least one field");
      }
    } else if (transform instanceof TransformConfig.Peek peek && peek.action() == null) {
      missing(node, "action", "an action");
    } else if (transform instanceof TransformConfig.Route route) {
      route(node, route);
    } else if (transform instanceof TransformConfig.Sort sort) {
      sort(node, sort);
    }
  }

  private void process(TopologyNode node, TransformConfig.ProcessCode process) {
    if (process.function() == null && process.functionName() == null) {
      missing(node, "function", "a function, or the name of a registered one");
    }
    if (process.output() == null) {
      missing(node, "schema", "the fields of the rows that it emits");
    }
    if (new HashSet<>(process.keyBy()).size() < process.keyBy().size()) {
      error(
          "FLX-TOPO-0020",
          node,
          "keyBy",
          "a field is named twice in " + process.keyBy(),
          "name it once");
    }
    for (String port : process.sideOutputs().keySet()) {
      if (!PORT.matcher(port).matches()) {
        error(
            "FLX-TOPO-0004",
            node,
            "sideOutputs",
            "'" + port + "' cannot be the name of a side output",
            "use letters, digits, '-' and '_'");
      }
    }
    for (String problem : KeyedProcess.problems(process.allStates())) {
      error("FLX-TOPO-0047", node, "states", problem, "give each state a name of its own");
    }
  }

  private void sort(TopologyNode node, TransformConfig.Sort sort) {
    if (sort.maxRows() < 1) {
      error(
          "FLX-TOPO-0051",
          node,
          "maxRows",
          "a subtask may hold " + sort.maxRows() + " rows",
          "give at least 1, or leave it out");
    }
    Set<String> named = new HashSet<>();
    for (String field : sort.key()) {
      if (!named.add(field)) {
        error("FLX-TOPO-0020", node, "key", "'" + field + "' is named twice", "name it once");
      }
    }
    for (SortField field : sort.thenBy()) {
      if (!named.add(field.name())) {
        error(
            "FLX-TOPO-0020",
            node,
            "thenBy",
            "'" + field.name() + "' is named twice",
            "name it once; the rows of a key are equal in the key's fields");
      }
    }
    eventTime(node, "the sort");
  }

  private void route(TopologyNode node, TransformConfig.Route route) {
    if (route.branches().isEmpty()) {
      missing(node, "branches", "at least one branch");
    }
    Set<String> ports = new HashSet<>();
    for (TransformConfig.Branch branch : route.branches()) {
      String port = branch.port();
      if (port.equals(TransformConfig.DEFAULT_PORT) || !PORT.matcher(port).matches()) {
        error(
            "FLX-TOPO-0004",
            node,
            "branches",
            "'" + port + "' cannot be the name of a branch",
            "use letters, digits, '-' and '_', and not 'default'");
      } else if (!ports.add(port)) {
        error(
            "FLX-TOPO-0020",
            node,
            "branches",
            "two branches are named '" + port + "'",
            "give one of them another name");
      }
    }
  }

  private void missing(TopologyNode node, String option, String what) {
    error("FLX-TOPO-0021", node, option, "'" + node.name() + "' has no " + option, "give " + what);
  }
}
