package io.fluxcore.domain.join;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import java.util.List;

/**
 * What all joins have in common. Rows match when the fields of their keys are equal, one by one; a
 * null equals nothing. Immutable.
 *
 * @param leftKeys names of the left key's fields, at least one
 * @param rightKeys names of the right key's fields, of the same types
 */
public record EquiJoin(
    JoinType type, JoinFields fields, List<String> leftKeys, List<String> rightKeys) {
  /** The port of rows that came too late, of the schema of the left input. */
  public static final int LATE_LEFT_PORT = 1;

  /** The port of rows that came too late, of the schema of the right input. */
  public static final int LATE_RIGHT_PORT = 2;

  public EquiJoin {
    leftKeys = List.copyOf(leftKeys);
    rightKeys = List.copyOf(rightKeys);
    List<DataType> left = fields.types(JoinType.LEFT_INPUT, leftKeys);
    List<DataType> right = fields.types(JoinType.RIGHT_INPUT, rightKeys);
    if (left.isEmpty() || !left.equals(right)) {
      throw new IllegalArgumentException("the keys " + left + " and " + right + " do not compare");
    }
    for (int i = 0; i < fields.emitted() && !type.givesPairs(); i++) {
      if (fields.fields().get(i).input() != JoinType.LEFT_INPUT) {
        throw new IllegalArgumentException("a " + type + " join emits fields of the left input");
      }
    }
  }

  static int latePort(int input) {
    return input == JoinType.LEFT_INPUT ? LATE_LEFT_PORT : LATE_RIGHT_PORT;
  }

  /** Types of the key's fields. */
  public List<DataType> keyTypes() {
    return fields.types(JoinType.LEFT_INPUT, leftKeys);
  }

  /** Positions of an input's key. */
  public int[] keyOrdinals(int input) {
    Schema schema = fields.input(input);
    List<String> names = input == JoinType.LEFT_INPUT ? leftKeys : rightKeys;
    return names.stream().mapToInt(schema::ordinal).toArray();
  }

  /** What the state of a join of this kind means. */
  String meaning(String kind) {
    return type
        + " "
        + kind
        + " join on "
        + String.join(", ", leftKeys)
        + " = "
        + String.join(", ", rightKeys);
  }
}
