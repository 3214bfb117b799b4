package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Listing;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.domain.aggregate.AggregateCall;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.sort.EventTimeSort;
import io.fluxcore.domain.time.TimeCharacteristic;
import io.fluxcore.domain.topology.AggregateConfig;
import io.fluxcore.domain.topology.Criterion;
import io.fluxcore.domain.topology.ProjectBuilder;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TransformConfig;
import io.fluxcore.domain.topology.TransformConfig.Branch;
import io.fluxcore.domain.topology.WindowConfig;
import io.fluxcore.domain.window.Accumulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a topology of the part {@code topology} of a file. */
final class TopologyReader {
  private final Values values;
  private final ConnectorReader connectors;
  private final StreamTopology.Builder topology = StreamTopology.builder();

  TopologyReader(Values values, ConnectorReader connectors) {
    this.values = values;
    this.connectors = connectors;
  }

  StreamTopology read(Listing nodes) {
    nodes.items().forEach(node -> add(Values.mapping(node)));
    return topology.build();
  }

  private void add(Mapping node) {
    String name = Values.text(node, "name", "");
    String kind =
        JobFileSchema.NODE_KINDS.stream()
            .filter(node.members()::containsKey)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("the schema let a node without kind by"));
    TextNode settings = node.walk(List.of(kind));
    ErrorPolicy errors = values.errorPolicy(node);
    TextNode from = node.get("from");
    String[] upstream = from == null ? new String[0] : Values.texts(from).toArray(String[]::new);
    switch (kind) {
      case "source" -> {
        if (from != null) {
          refuse(from, "a source reads no other node", "leave out 'from'");
        }
        topology.source(name, connectors.source(Values.mapping(settings), errors));
      }
      case "sink" ->
          topology.sink(name, connectors.sink(Values.mapping(settings), errors), upstream);
      case "window" -> {
        TextNode policy = node.get("errorPolicy");
        if (policy != null) {
          refuse(policy, "a window has no error policy", "give it to the aggregate that follows");
        }
        topology.window(name, window(Values.mapping(settings)), upstream);
      }
      case "aggregate" ->
          topology.aggregate(name, aggregate(Values.mapping(settings), errors), upstream);
      default -> step(name, kind, settings, errors, upstream);
    }
  }

  private void step(
      String name,
      String kind,
      TextNode settings,
      @Nullable ErrorPolicy errors,
      String[] upstream) {
    for (OperatorWords<?> words : OperatorKinds.ALL) {
      if (words.word().equals(kind)) {
        topology.transform(name, words.read(settings, values, connectors, errors), upstream);
        return;
      }
    }
    topology.transform(name, transform(kind, settings, errors), upstream);
  }

  private void refuse(TextNode at, String message, String remedy) {
    values.problems().add(Diagnostic.error("FLX-JOBFILE-0030", at.place(), message, remedy));
  }

  private TransformConfig transform(String kind, TextNode settings, @Nullable ErrorPolicy errors) {
    return switch (kind) {
      case "filter" ->
          new TransformConfig.Filter(new Criterion.Text(Values.text(settings)), errors);
      case "map" -> new TransformConfig.Project(texts(settings), true, errors);
      case "project" -> project(settings, errors);
      case "rename" -> new TransformConfig.Rename(texts(settings), errors);
      case "unnest" -> UnnestWords.read(settings, errors);
      case "keyBy" -> new TransformConfig.KeyBy(Values.texts(settings), errors);
      case "sort" -> sort(settings, errors);
      case "route" -> route(Values.mapping(settings), errors);
      case "process" -> new ProcessWords(values).read(Values.mapping(settings), errors);
      case "union" -> new TransformConfig.Union(errors);
      default -> throw new IllegalStateException("'" + kind + "' is no transform");
    };
  }

  private static Map<String, String> texts(TextNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    Values.mapping(node)
        .members()
        .forEach((key, member) -> texts.put(key, Values.text(member.value())));
    return texts;
  }

  private TransformConfig project(TextNode settings, @Nullable ErrorPolicy errors) {
    if (settings instanceof Mapping) {
      return new TransformConfig.Project(texts(settings), false, errors);
    }
    ProjectBuilder fields = TransformConfig.project();
    for (TextNode item : ((Listing) settings).items()) {
      if (item instanceof Scalar field) {
        fields.withFields(field.text());
      } else {
        texts(item).forEach(fields::withField);
      }
    }
    return new TransformConfig.Project(fields.build().fields(), false, errors);
  }

  private static TransformConfig sort(TextNode node, @Nullable ErrorPolicy errors) {
    if (!(node instanceof Mapping settings)) {
      return new TransformConfig.Sort(List.of(), List.of(), EventTimeSort.DEFAULT_MAX_ROWS, errors);
    }
    TextNode key = settings.get("key");
    TextNode thenBy = settings.get("thenBy");
    return new TransformConfig.Sort(
        key == null ? List.of() : Values.texts(key),
        thenBy == null ? List.of() : Values.texts(thenBy).stream().map(SortField::parse).toList(),
        Values.integer(settings, "maxRows", (int) EventTimeSort.DEFAULT_MAX_ROWS),
        errors);
  }

  private static TransformConfig route(Mapping ports, @Nullable ErrorPolicy errors) {
    List<Branch> branches = new ArrayList<>();
    ports
        .members()
        .forEach(
            (port, member) ->
                branches.add(new Branch(port, new Criterion.Text(Values.text(member.value())))));
    return new TransformConfig.Route(branches, errors);
  }

  private WindowConfig window(Mapping shapes) {
    String kind = shapes.members().keySet().iterator().next();
    Mapping settings = Values.mapping(shapes.walk(List.of(kind)));
    return new WindowConfig(
        new WindowShapeReader(values).read(kind, settings),
        values.duration(settings, "allowedLateness", Duration.ZERO),
        Values.flag(settings, "lateOutput"),
        Values.constant(settings, "accumulation", Accumulation.class, Accumulation.ACCUMULATING),
        Values.constant(settings, "time", TimeCharacteristic.class, TimeCharacteristic.EVENT),
        new WindowShapeReader(values).trigger(settings.get("trigger")));
  }

  private AggregateConfig aggregate(Mapping settings, @Nullable ErrorPolicy errors) {
    TextNode groupBy = settings.get("groupBy");
    List<AggregateCall> calls = new ArrayList<>();
    Values.mapping(settings.walk(List.of("fields")))
        .members()
        .forEach(
            (output, member) -> {
              AggregateCall call = values.check(member.value(), () -> call(output, member.value()));
              if (call != null) {
                calls.add(call);
              }
            });
    return new AggregateConfig(
        groupBy == null ? List.of() : Values.texts(groupBy),
        calls,
        LifeWords.read(settings, LifeWords.TIME_TO_LIVE, values),
        errors);
  }

  private static AggregateCall call(String output, TextNode value) {
    if (value instanceof Scalar) {
      return AggregateCall.countAll(output);
    }
    return AggregateWords.read(output, Values.mapping(value));
  }
}
