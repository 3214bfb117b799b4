package io.fluxcore.domain.topology;

import io.fluxcore.domain.operator.ErrorPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node of a topology does. Immutable; equal when it says the same, where user code is the
 * same only if it is the same object. Configurations take any value: what is wrong with them is
 * told by the topology's validation, all at once.
 */
public sealed interface NodeConfig
    permits SourceConfig,
        TransformConfig,
        WindowConfig,
        AggregateConfig,
        OperatorConfig,
        SinkConfig {
  /** The port of ordinary results. Every node but a sink has it. */
  String MAIN_PORT = "";

  /** One line for a person. */
  String describe();

  /** What happens to rows that cannot be processed; null: as the job says. */
  @Nullable ErrorPolicy errors();

  /** Names of the output ports beside the main one, in the order of their numbers from 1. */
  default List<String> ports() {
    return List.of();
  }

  /**
   * The parts that are code rather than text, in words; empty when the configuration is portable.
   */
  default List<String> boundParts() {
    return List.of();
  }
}
