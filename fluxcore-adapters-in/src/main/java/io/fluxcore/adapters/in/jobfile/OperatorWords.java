package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.topology.OperatorConfig;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How job files write a kind of node with state: its word, what may stand there, read and written.
 *
 * @param <C> the kind
 */
interface OperatorWords<C extends OperatorConfig> {
  /** The word that makes a node one of this kind. */
  String word();

  /** Adds what the schema refers to. */
  default void define(ObjectNode definitions) {}

  /** What may stand behind the word. */
  ObjectNode schema();

  /** What stands behind the word, as the schema lets it by. */
  C read(TextNode settings, Values values, @Nullable ErrorPolicy errors);

  /** The same for a kind that may name a connector. */
  default C read(
      TextNode settings, Values values, ConnectorReader connectors, @Nullable ErrorPolicy errors) {
    return read(settings, values, errors);
  }

  /** The kind of the configurations that it writes. */
  Class<C> type();

  /** A configuration as maps, lists and texts; without what is as it is by default. */
  Object write(C config);
}
