package io.fluxcore.application.planner;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.application.connector.SinkWriter;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.domain.aggregate.AggregateCatalogue;
import io.fluxcore.domain.aggregate.SketchFactory;
import io.fluxcore.domain.changelog.Changes;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.ExpressionContext;
import io.fluxcore.domain.expression.RegexCompiler;
import io.fluxcore.domain.job.DeliveryGuarantee;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupReader;
import io.fluxcore.domain.join.LookupTable;
import io.fluxcore.domain.process.ProcessFunctions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Connectors that say what they can, and are never run. */
final class Connectors {
  static final RegexCompiler NO_REGEX =
      pattern -> {
        throw new AssertionError("no regular expressions here");
      };

  private static final Capability REPLAYABLE = Capability.REPLAYABLE;
  private static final Set<Capability> EXACT =
      Set.of(REPLAYABLE, Capability.IDEMPOTENT, Capability.TRANSACTIONAL);

  static final ExpressionContext EXPRESSIONS = ExpressionContext.of(NO_REGEX);

  /**
   * Sources {@code log} (can everything), {@code plain} and {@code ending}; sinks {@code store},
   * {@code single}; and for exactly once {@code replayed}, {@code idempotent} and {@code
   * transactional}; {@code keyed}, which writes by the fields that its {@code path} names, or else
   * by the key of the rows; {@code keyed-single}, whose writers do not run side by side. A source
   * whose {@code path} is {@code once} or {@code again} promises at most or at least once. The
   * lookup {@code table} refuses a {@code path} that is {@code wrong}.
   */
  static final ConnectorRegistry REGISTRY =
      ConnectorRegistry.of(
          List.of(
              new FakeSourceConnector("log", Set.of(Capability.FILTER, Capability.EVENT_TIME)),
              new FakeSourceConnector("plain", Set.of()),
              new FakeSourceConnector("ending", Set.of(Capability.BOUNDED)),
              new FakeSourceConnector("replayed", Set.of(Capability.EVENT_TIME, REPLAYABLE))),
          List.of(
              new FakeSinkConnector("store", Set.of(Capability.PARALLEL, Capability.CHANGELOG)),
              new FakeSinkConnector("single", Set.of()),
              new FakeSinkConnector("idempotent", Set.of(Capability.IDEMPOTENT)),
              new FakeSinkConnector("transactional", Set.of(Capability.TRANSACTIONAL)),
              new FakeSinkConnector("keyed", Set.of(Capability.PARALLEL, Capability.CHANGELOG)),
              new FakeSinkConnector("keyed-single", Set.of(Capability.CHANGELOG))),
          List.of(new FakeLookupConnector()));

  static final Planner PLANNER =
      new Planner(REGISTRY, new ConnectorServices(NO_REGEX), EXPRESSIONS);

  private Connectors() {}

  /** One that knows these aggregate functions, too. */
  static Planner planner(AggregateCatalogue aggregates) {
    return new Planner(
        REGISTRY,
        new ConnectorServices(NO_REGEX),
        EXPRESSIONS,
        SketchFactory.NONE,
        aggregates,
        ProcessFunctions.NONE);
  }

  private static ConnectorDescriptor descriptor(String name, Set<Capability> capabilities) {
    return new ConnectorDescriptor(
        name,
        "Is never run.",
        List.of(OptionSpec.optional("path", OptionSpec.Type.STRING, null, "Anything.")),
        capabilities,
        capabilities.stream().anyMatch(EXACT::contains)
            ? DeliveryGuarantee.EXACTLY_ONCE
            : DeliveryGuarantee.AT_LEAST_ONCE);
  }

  private record FakeSourceConnector(String name, Set<Capability> capabilities)
      implements SourceConnector {
    @Override
    public ConnectorDescriptor descriptor() {
      return Connectors.descriptor(name, capabilities);
    }

    @Override
    public Source create(ConnectorOptions options, ConnectorServices services) {
      String path = options.optionalString("path");
      return new FakeSource(
          null,
          capabilities.contains(Capability.BOUNDED),
          !"once".equals(path),
          "again".equals(path) ? DeliveryGuarantee.AT_LEAST_ONCE : null);
    }
  }

  private record FakeSinkConnector(String name, Set<Capability> capabilities)
      implements SinkConnector {
    @Override
    public ConnectorDescriptor descriptor() {
      return Connectors.descriptor(name, capabilities);
    }

    @Override
    public Sink create(ConnectorOptions options, Schema schema) {
      if ("/refused".equals(options.optionalString("path"))) {
        throw FluxCoreException.user("FLX-FAKE-0001", Place.of("path"), "refused", "");
      }
      return new FakeSink(null);
    }

    @Override
    public Sink create(ConnectorOptions options, Schema schema, Changes rows) {
      String path = options.optionalString("path");
      if (!name.startsWith("keyed")) {
        return create(options, schema);
      }
      List<String> key = path == null ? rows.key() : List.of(path.split(","));
      return new FakeSink(key == null ? Changes.appends() : Changes.upserts(key));
    }
  }

  /** A source that has fields of its own, or none. */
  record FakeSource(
      @Nullable Schema schema,
      boolean isBounded,
      boolean isReplayable,
      @Nullable DeliveryGuarantee guarantee)
      implements Source {
    FakeSource(Schema schema) {
      this(schema, false, true, null);
    }

    @Override
    public List<Split> discoverSplits() {
      throw new AssertionError("planning touches nothing outside");
    }

    @Override
    public SourceReader createReader(ReaderContext context) {
      throw new AssertionError("planning reads nothing");
    }
  }

  /** A sink. */
  record FakeSink(@Nullable Changes takes) implements Sink {
    @Override
    public SinkWriter createWriter(String operatorId, int subtask, int parallelism) {
      throw new AssertionError("planning writes nothing");
    }
  }

  /** Finds nothing, and tells what it was asked to find. */
  private static final class FakeLookupConnector implements LookupConnector {
    @Override
    public ConnectorDescriptor descriptor() {
      return new ConnectorDescriptor(
          "table",
          "For tests.",
          List.of(OptionSpec.optional("path", OptionSpec.Type.STRING, null, "Where.")),
          Set.of(),
          DeliveryGuarantee.EXACTLY_ONCE);
    }

    @Override
    public Lookup create(ConnectorOptions options, LookupTable table) {
      if ("wrong".equals(options.optionalString("path"))) {
        OptionProblems problems = new OptionProblems("table");
        problems.add("path", "it is wrong", "give another");
        problems.throwIfAny();
      }
      return new FakeLookup(table);
    }
  }

  /** A lookup of a table. */
  record FakeLookup(LookupTable table) implements Lookup {
    @Override
    public LookupReader createReader(String operatorId, int subtask) {
      throw new AssertionError("nothing is run here");
    }
  }
}
