package io.fluxcore.adapters.out.memory;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorOptions;
import io.fluxcore.application.connector.OptionProblems;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.application.connector.Sink;
import io.fluxcore.application.connector.SinkConnector;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Collects rows in the memory of this process under a name, where {@link #rows(String)} finds them:
 * for tests and demonstrations. Rows stay until {@link #clear(String)}; a restart of the job adds
 * to them. The number of rows is bounded.
 */
public final class MemorySinkConnector implements SinkConnector {
  private static final ConcurrentMap<String, CollectedRows> COLLECTIONS = new ConcurrentHashMap<>();

  private static final ConnectorDescriptor DESCRIPTOR =
      new ConnectorDescriptor(
          "memory",
          "Collects rows in memory under a name, for tests and demonstrations.",
          List.of(
              OptionSpec.optional(
                  "name",
                  OptionSpec.Type.STRING,
                  null,
                  "Name under which the rows are found; the sink's name in the topology unless"
                      + " given."),
              OptionSpec.optional(
                  "maxRows",
                  OptionSpec.Type.LONG,
                  "100000",
                  "Rows that are kept at most, from 1 to 100,000,000."),
              OptionSpec.oneOf(
                  "overflow",
                  List.of("fail", "dropOldest"),
                  "fail",
                  "What happens to a row beyond `maxRows`: it is refused, or takes the place of the"
                      + " oldest, which is counted as dropped.")),
          EnumSet.of(Capability.PARALLEL, Capability.CHANGELOG),
          DeliveryGuarantee.AT_LEAST_ONCE);

  /** Needed by {@link java.util.ServiceLoader}. */
  public MemorySinkConnector() {}

  /** The rows collected under a name so far, in the order of their arrival. */
  public static List<EventRecord> rows(String name) {
    CollectedRows collected = COLLECTIONS.get(name);
    return collected == null ? List.of() : collected.rows();
  }

  /** Rows that gave way to later ones under the policy {@code dropOldest}. */
  public static long dropped(String name) {
    CollectedRows collected = COLLECTIONS.get(name);
    return collected == null ? 0 : collected.dropped();
  }

  /** Forgets the rows of a name; a running sink goes on collecting from nothing. */
  public static void clear(String name) {
    CollectedRows collected = COLLECTIONS.remove(name);
    if (collected != null) {
      collected.clear();
    }
  }

  @Override
  public ConnectorDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public Sink create(ConnectorOptions options, Schema schema) {
    String name = options.optionalString("name");
    OptionProblems problems = new OptionProblems("memory");
    problems.range("maxRows", options.integer("maxRows"), 1, 100_000_000);
    problems.throwIfAny();
    int maxRows = (int) options.integer("maxRows");
    boolean dropOldest = options.string("overflow").equals("dropOldest");
    return (operatorId, subtask, parallelism) -> {
      String key = name == null ? operatorId : name;
      return new MemoryWriter(
          () -> COLLECTIONS.computeIfAbsent(key, k -> new CollectedRows()), maxRows, dropOldest);
    };
  }
}
