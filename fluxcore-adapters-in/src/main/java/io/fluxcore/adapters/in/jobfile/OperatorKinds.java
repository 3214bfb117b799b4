package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.domain.topology.OperatorConfig;
import java.util.List;
import java.util.Map;

/** The kinds of nodes with state that job files know. */
final class OperatorKinds {
  /** All kinds, in the order in which documentation lists them. */
  static final List<OperatorWords<?>> ALL =
      List.of(
          new DeduplicateWords(),
          new TopNWords(),
          new PatternWords(),
          new RowMatchWords(),
          new JoinWords(),
          new SetWords(),
          new OverWords(),
          new OrderedOverWords(),
          new OrderWords(),
          new EventTimeWords());

  private OperatorKinds() {}

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
