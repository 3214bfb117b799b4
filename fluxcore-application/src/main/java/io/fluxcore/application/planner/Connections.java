package io.fluxcore.application.planner;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceTable;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupTable;
import io.fluxcore.domain.join.OutsideTable;
import io.fluxcore.domain.join.WholeTable;
import io.fluxcore.domain.topology.ConnectorSpec;
import io.fluxcore.domain.topology.FullLookupConfig;
import io.fluxcore.domain.topology.LookupConfig;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceConfig;
import io.fluxcore.domain.topology.SourceRows;
import io.fluxcore.domain.topology.StreamTopology;
import io.fluxcore.domain.topology.TopologyNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The sources and sinks of one topology, made by their connectors; what is wrong is gathered. */
final class Connections {
  /** The option by which a source connector is told the fields. */
  private static final String FIELDS_OPTION = "schema";

  private final ConnectorRegistry registry;
  private final ConnectorServices services;
  private final List<Diagnostic> findings = new ArrayList<>();
  private final Map<String, Source> sources = new HashMap<>();
  private final Map<String, ConnectorDescriptor> descriptors = new HashMap<>();
  private final Map<String, ConnectorOptions> sinkOptions = new HashMap<>();
  private final Map<String, PlannedLookup> plannedLookups = new HashMap<>();
  private final Map<String, Source> tables = new HashMap<>();
  private final Map<String, OutsideTable> lookups = new LinkedHashMap<>();
  private final Map<String, DeliveryGuarantee> promised = new HashMap<>();

  Connections(ConnectorRegistry registry, ConnectorServices services, StreamTopology topology) {
    this.registry = registry;
    this.services = services;
    for (TopologyNode node : topology.nodes()) {
      if (node.config() instanceof SourceConfig source) {
        attempt(node, () -> openSource(node, source));
      } else if (node.config() instanceof SinkConfig sink) {
        attempt(node, () -> checkSink(node, sink));
      } else if (node.config() instanceof LookupConfig lookup && lookup.instance() == null) {
        attempt(node, () -> checkLookup(node, lookup));
      } else if (node.config() instanceof FullLookupConfig table) {
        attempt(node, () -> checkTable(node, table));
      }
    }
  }

  private void attempt(TopologyNode node, Runnable step) {
    try {
      step.run();
    } catch (FluxCoreException e) {
      e.diagnostics().forEach(d -> findings.add(d.in(place(node))));
    }
  }

  private static String place(TopologyNode node) {
    return "node '" + node.name() + "'";
  }

  private void openSource(TopologyNode node, SourceConfig config) {
    if (config.instance() != null) {
      if (config.instance() instanceof Source source) {
        sources.put(node.name(), source);
      } else {
        notOurs(node, config.instance(), "Source");
      }
      return;
    }
    SourceConnector connector = registry.source(config.connector().name());
    descriptors.put(node.name(), connector.descriptor());
    ConnectorSpec spec =
        withDeclaredFields(config.connector(), config.schema(), connector.descriptor());
    ConnectorOptions options = parse(node, connector.descriptor(), spec);
    if (options != null) {
      Source source = connector.create(options, services);
      sources.put(node.name(), source);
      DeliveryGuarantee can = configured(source, connector.descriptor());
      if (can != null) {
        promises(node, can);
      }
    }
  }

  private static @Nullable DeliveryGuarantee configured(
      Source source, ConnectorDescriptor descriptor) {
    return descriptor.can(Capability.REPLAYABLE) && !source.isReplayable()
        ? DeliveryGuarantee.AT_MOST_ONCE
        : source.guarantee();
  }

  /** A connector that wants to know the fields is given those that the topology declares. */
  private static ConnectorSpec withDeclaredFields(
      ConnectorSpec spec, @Nullable Schema schema, ConnectorDescriptor descriptor) {
    boolean wanted = descriptor.options().stream().anyMatch(o -> o.name().equals(FIELDS_OPTION));
    if (schema == null || schema.isOpen() || !wanted || spec.options().containsKey(FIELDS_OPTION)) {
      return spec;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    schema.fields().forEach(field -> fields.put(field.name(), field.type().toString()));
    Map<String, Object> options = new LinkedHashMap<>(spec.options());
    options.put(FIELDS_OPTION, fields);
    return new ConnectorSpec(spec.name(), options);
  }

  private void checkSink(TopologyNode node, SinkConfig config) {
    if (config.instance() != null) {
      if (!(config.instance() instanceof Sink)) {
        notOurs(node, config.instance(), "Sink");
      }
      return;
    }
    SinkConnector connector = registry.sink(config.connector().name());
    descriptors.put(node.name(), connector.descriptor());
    ConnectorOptions options = parse(node, connector.descriptor(), config.connector());
    if (options != null) {
      sinkOptions.put(node.name(), options);
    }
  }

  /** A lookup connector, and its options. */
  private record PlannedLookup(LookupConnector connector, ConnectorOptions options) {}

  private void checkLookup(TopologyNode node, LookupConfig config) {
    LookupConnector connector = registry.lookup(config.connector().name());
    ConnectorOptions options = parse(node, connector.descriptor(), config.connector());
    if (options != null) {
      plannedLookups.put(node.name(), new PlannedLookup(connector, options));
    }
  }

  /** The source of a table that is held in memory comes to an end, and gives insertions. */
  private void checkTable(TopologyNode node, FullLookupConfig config) {
    SourceConnector connector = registry.source(config.connector().name());
    ConnectorDescriptor descriptor = connector.descriptor();
    ConnectorOptions options =
        parse(
            node, descriptor, withDeclaredFields(config.connector(), config.schema(), descriptor));
    if (options == null) {
      return;
    }
    Source source = connector.create(options, services);
    String wrong =
        !source.isBounded()
            ? "has no end as it is configured"
            : source.changes().mode() != Changes.Mode.APPEND ? "gives changes of rows" : null;
    if (wrong == null) {
      tables.put(node.name(), source);
      return;
    }
    findings.add(
        Diagnostic.error(
            "FLX-PLAN-0022",
            Place.of(place(node) + ", fullLookup"),
            "'" + descriptor.name() + "' " + wrong + ", and cannot be held in memory as a table",
            "read it as a stream, and join that with a table join or a temporal one"));
  }

  /** The table that a node holds in memory; told and refused as a {@link #lookup} is. */
  WholeTable wholeTable(TopologyNode node, LookupTable table) {
    Source source = tables.get(node.name());
    if (source == null) {
      return rows -> {
        throw new IllegalStateException("'" + node.name() + "' has no table");
      };
    }
    checkFields(node, source.schema(), table);
    WholeTable made = new SourceTable(source, node.name(), table);
    lookups.put(node.name(), made);
    return made;
  }

  /** What a source gives by itself has the fields that are asked for. */
  private void checkFields(TopologyNode node, @Nullable Schema own, LookupTable table) {
    if (own == null || own.isOpen()) {
      return;
    }
    for (Schema asked : List.of(table.key(), table.fields())) {
      for (Field field : asked.fields()) {
        int at = own.indexOf(field.name());
        if (at < 0 || !own.type(at).equals(field.type())) {
          findings.add(
              Diagnostic.error(
                  "FLX-PLAN-0023",
                  Place.of(place(node) + ", field '" + field.name() + "'"),
                  "it is asked for as "
                      + field.type()
                      + ", and the table "
                      + (at < 0 ? "has no such field" : "has it as " + own.type(at)),
                  "its fields are " + String.join(", ", own.fieldNames())));
        }
      }
    }
  }

  /** The lookup of a node; one that cannot be is told by the findings, and refuses to be used. */
  Lookup lookup(TopologyNode node, LookupConfig config, LookupTable table) {
    PlannedLookup planned = plannedLookups.get(node.name());
    List<Lookup> made = new ArrayList<>();
    if (config.instance() != null) {
      made.add(config.instance());
    } else if (planned != null) {
      attempt(node, () -> made.add(planned.connector().create(planned.options(), table)));
    }
    if (made.isEmpty()) {
      return (operatorId, subtask) -> {
        throw new IllegalStateException("'" + operatorId + "' has no lookup");
      };
    }
    lookups.put(node.name(), made.get(0));
    return made.get(0);
  }

  /** The tables outside that rows are joined with, by node. */
  Map<String, OutsideTable> lookups() {
    return lookups;
  }

  private @Nullable ConnectorOptions parse(
      TopologyNode node, ConnectorDescriptor descriptor, ConnectorSpec spec) {
    OptionParser.Result result =
        OptionParser.parse(descriptor, spec.options(), registry.defaults().of(descriptor.name()));
    result.problems().forEach(d -> findings.add(d.in(place(node))));
    return result.problems().isEmpty() ? result.options() : null;
  }

  private void notOurs(TopologyNode node, Object instance, String wanted) {
    findings.add(
        Diagnostic.error(
            "FLX-PLAN-0003",
            Place.of(place(node)),
            "the custom "
                + wanted.toLowerCase(Locale.ROOT)
                + " is a "
                + instance.getClass().getName(),
            "implement io.fluxcore.application.connector." + wanted));
  }

  List<Diagnostic> findings() {
    return findings;
  }

  /** What sources give by themselves. */
  Map<String, SourceRows> sourceRows() {
    Map<String, SourceRows> rows = new HashMap<>();
    sources.forEach(
        (name, source) -> rows.put(name, new SourceRows(source.schema(), source.changes())));
    return rows;
  }

  boolean hasSource(TopologyNode node) {
    return sources.containsKey(node.name());
  }

  /** The names of the sources that come to an end by themselves. */
  Set<String> endingSources() {
    return sources.entrySet().stream()
        .filter(entry -> entry.getValue().isBounded())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  Source source(TopologyNode node) {
    return Objects.requireNonNull(sources.get(node.name()), node.name());
  }

  /** The sink of a node, for such rows; null, and its findings told, if it cannot be. */
  @Nullable Sink sink(TopologyNode node, SinkConfig config, Schema schema, Changes rows) {
    if (config.instance() instanceof Sink sink) {
      return sink;
    }
    ConnectorOptions options = sinkOptions.get(node.name());
    if (options == null) {
      return null;
    }
    List<Sink> made = new ArrayList<>();
    SinkConnector connector = registry.sink(config.connector().name());
    attempt(node, () -> made.add(connector.create(options, schema, rows)));
    return made.isEmpty() ? null : made.get(0);
  }

  /** What a sink does with changes. */
  Changes takes(TopologyNode node, Sink sink) {
    Changes own = sink.takes();
    if (own != null) {
      return own;
    }
    return can(node, Capability.CHANGELOG) ? Changes.retracts(null) : Changes.appends();
  }

  /** Whether the connector of a node says that it can; custom ones are taken at their word. */
  boolean can(TopologyNode node, Capability capability) {
    ConnectorDescriptor descriptor = descriptors.get(node.name());
    return descriptor == null || descriptor.can(capability);
  }

  /**
   * What a connector says that it can take part in, or less if it was told to promise less; null
   * for a custom one.
   */
  @Nullable DeliveryGuarantee guarantee(TopologyNode node) {
    ConnectorDescriptor descriptor = descriptors.get(node.name());
    DeliveryGuarantee configured = promised.get(node.name());
    return configured != null || descriptor == null ? configured : descriptor.guarantee();
  }

  /** A node promises this at most, as it is configured. */
  void promises(TopologyNode node, DeliveryGuarantee guarantee) {
    promised.put(node.name(), guarantee);
  }

  /** Takes note of what is wrong with a node. */
  void found(Diagnostic finding) {
    findings.add(finding);
  }

  /** Whether a node is served by a connector that was found by its name. */
  boolean isNamed(TopologyNode node) {
    return descriptors.containsKey(node.name());
  }
}
