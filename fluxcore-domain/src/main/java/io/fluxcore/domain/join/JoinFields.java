package io.fluxcore.domain.join;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The fields of a pair of rows: those that a join emits, and behind them those that only its
 * condition reads. Of a row no other field is kept. Immutable.
 *
 * @param left schema of the left input
 * @param right schema of the right input
 * @param fields each field of an input once at most, with a name of its own
 * @param emitted how many of them, from the first, are emitted
 */
public record JoinFields(Schema left, Schema right, List<Joined> fields, int emitted) {
  /**
   * A field of a pair.
   *
   * @param input {@link JoinType#LEFT_INPUT} or {@link JoinType#RIGHT_INPUT}
   * @param ordinal its position in the input's schema
   * @param name its name in the pair
   */
  public record Joined(int input, int ordinal, String name) {}

  public JoinFields {
    fields = List.copyOf(fields);
    if (emitted < 0 || emitted > fields.size()) {
      throw new IllegalArgumentException(emitted + " fields are emitted of " + fields.size());
    }
    if (fields.stream().map(f -> List.of(f.input(), f.ordinal())).distinct().count()
        != fields.size()) {
      throw new IllegalArgumentException("a field of an input is joined twice: " + fields);
    }
  }

  /** Schema of an input. */
  public Schema input(int input) {
    return input == JoinType.LEFT_INPUT ? left : right;
  }

  private Field field(Joined joined) {
    return new Field(joined.name(), input(joined.input()).type(joined.ordinal()));
  }

  /** All fields: what a condition is compiled for. */
  public Schema pairs() {
    return Schema.of(fields.stream().map(this::field).toList());
  }

  /** What is emitted. */
  public Schema output() {
    return Schema.of(fields.subList(0, emitted).stream().map(this::field).toList());
  }

  /** Positions in the schema of an input of its fields that are kept, ascending. */
  int[] kept(int input) {
    return fields.stream()
        .filter(field -> field.input() == input)
        .mapToInt(Joined::ordinal)
        .sorted()
        .toArray();
  }

  /** Schema of what is kept of an input's rows. */
  Schema keptSchema(int input) {
    List<Field> kept = new ArrayList<>();
    for (int ordinal : kept(input)) {
      kept.add(input(input).field(ordinal));
    }
    return Schema.of(kept);
  }

  /** Where in {@link #fields} each kept field of an input is. */
  int[] places(int input) {
    return Arrays.stream(kept(input)).map(ordinal -> place(input, ordinal)).toArray();
  }

  private int place(int input, int ordinal) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).input() == input && fields.get(i).ordinal() == ordinal) {
        return i;
      }
    }
    throw new IllegalStateException("field " + ordinal + " of input " + input + " is not joined");
  }

  List<DataType> types(int input, List<String> names) {
    Schema schema = input(input);
    return names.stream().map(name -> schema.type(schema.ordinal(name))).toList();
  }
}
