package io.fluxcore.application.connector;

import io.fluxcore.domain.job.DeliveryGuarantee;
import java.util.List;
import java.util.Set;

/**
 * What a connector says of itself.
 *
 * @param name as topologies, job files, metrics and documentation write it
 * @param summary one sentence
 * @param options in the order in which documentation lists them
 * @param capabilities what it can do
 * @param guarantee the strongest that it can take part in
 */
public record ConnectorDescriptor(
    String name,
    String summary,
    List<OptionSpec> options,
    Set<Capability> capabilities,
    DeliveryGuarantee guarantee) {

  /** What a planner or host may rely on. */
  public enum Capability {
    /** The source ends by itself. */
    BOUNDED,
    /** The source can go on from a position of a checkpoint. */
    REPLAYABLE,
    /** The source decodes only the fields that are asked for. */
    PROJECTION,
    /** The source may apply a predicate while it decodes. */
    FILTER,
    /** The source stamps events with a time of its own. */
    EVENT_TIME,
    /** Writers of several subtasks may run side by side. */
    PARALLEL,
    /** The sink writes rows of a changelog, not only insertions. */
    CHANGELOG,
    /** The sink's writes take effect at a commit. */
    TRANSACTIONAL,
    /** Writing the same row again changes nothing. */
    IDEMPOTENT
  }

  public ConnectorDescriptor {
    options = List.copyOf(options);
    capabilities = Set.copyOf(capabilities);
  }

  public boolean can(Capability capability) {
    return capabilities.contains(capability);
  }
}
