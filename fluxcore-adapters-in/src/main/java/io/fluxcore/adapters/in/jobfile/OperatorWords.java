package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.topology.OperatorConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How job files write a kind of node with state: its word, what may stand there, read and written.
 *
 * @param <C> the kind
 */
interface OperatorWords<C extends OperatorConfig> {
  /** All kinds, in the order in which documentation lists them. */
  List<OperatorWords<?>> ALL =
      List.of(
          new DeduplicateWords(),
          new TopNWords(),
          new PatternWords(),
          new JoinWords(),
          new OverWords());

  /** The word that makes a node one of this kind. */
  String word();

  /** Adds what the schema refers to. */
  default void define(ObjectNode definitions) {}

  /** What may stand behind the word. */
  ObjectNode schema();

  /** What stands behind the word, as the schema lets it by. */
  C read(TextNode settings, Values values, @Nullable ErrorPolicy errors);

  /** The kind of the configurations that it writes. */
  Class<C> type();

  /** A configuration as maps, lists and texts; without what is as it is by default. */
  Object write(C config);

  /** The words of a configuration. */
  static Map<String, Object> words(OperatorConfig config) {
    for (OperatorWords<?> words : ALL) {
      if (words.type().isInstance(config)) {
        return Map.of(words.word(), write(words, config));
      }
    }
    throw new IllegalArgumentException(config.describe() + " has no word in job files");
  }

  private static <C extends OperatorConfig> Object write(
      OperatorWords<C> words, OperatorConfig config) {
    return words.write(words.type().cast(config));
  }
}
