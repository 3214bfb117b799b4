package io.fluxcore.domain.process;

import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.Operator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A keyed process function with all that it is declared with. Immutable.
 *
 * @param function user code
 * @param keyFields fields of the input that make the key, at least one
 * @param states declared beside {@link KeyedProcessFunction#states()}
 * @param timeToLive of states that have none of their own, or null
 * @param output fields of the rows of the main output
 * @param sideOutputs fields of the rows of each side output by name; their ports have numbers from
 *     1 in this order
 */
public record KeyedProcess(
    KeyedProcessFunction function,
    List<String> keyFields,
    List<StateDescriptor<?>> states,
    @Nullable TimeToLive timeToLive,
    Schema output,
    Map<String, Schema> sideOutputs) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

  public KeyedProcess {
    keyFields = List.copyOf(keyFields);
    states = List.copyOf(states);
    sideOutputs = Collections.unmodifiableMap(new LinkedHashMap<>(sideOutputs));
  }

  /** Everything that is wrong with declared states, in sentences. */
  public static List<String> problems(List<StateDescriptor<?>> states) {
    List<String> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (StateDescriptor<?> state : states) {
      if (!NAME.matcher(state.name()).matches()) {
        problems.add(
            "'"
                + state.name()
                + "' cannot be the name of a state: use up to 64 letters, digits, '-' and '_'");
      }
      if (!names.add(state.name())) {
        problems.add("two states are named '" + state.name() + "'");
      }
    }
    return problems;
  }

  /** All states: those of the function, then those declared beside. */
  public List<StateDescriptor<?>> allStates() {
    List<StateDescriptor<?>> all = new ArrayList<>(function.states());
    all.addAll(states);
    return all;
  }

  /** The operator of a subtask. */
  public Operator operator(Schema input) {
    return new KeyedProcessOperator(this, input);
  }
}
