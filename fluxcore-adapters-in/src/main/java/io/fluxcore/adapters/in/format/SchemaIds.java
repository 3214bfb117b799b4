package io.fluxcore.adapters.in.format;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Messages that begin with the number of their schema in a registry, as Confluent's serializers
 * write them: a zero, the number in four bytes, and what the format writes. Keeps what was made of
 * each schema. Not thread-safe.
 *
 * @param <P> what is made of a schema
 */
final class SchemaIds<P> {
  /** Bytes before what the format writes. */
  static final int PREFIX = 5;

  private final SchemaRegistry registry;
  private final Function<RegisteredSchema, P> make;
  private final Map<Integer, P> made = new HashMap<>();
  private final Map<Integer, BadValue> unusable = new HashMap<>();
  private int lastId = -1;
  private @Nullable P last;

  /**
   * Schemas of a registry.
   *
   * @param make throws {@link BadValue} where the fields that are wanted cannot be had from it
   */
  SchemaIds(SchemaRegistry registry, Function<RegisteredSchema, P> make) {
    this.registry = registry;
    this.make = make;
  }

  /** The same for another thread. */
  SchemaIds<P> copy() {
    return new SchemaIds<>(registry, make);
  }

  /**
   * What was made of the schema of a message.
   *
   * @throws BadValue if the message names none, the registry has none, or nothing can be made of it
   */
  P of(byte[] bytes, int from, int to) {
    int id = id(bytes, from, to);
    P found = last;
    if (id != lastId || found == null) {
      found = find(id);
      last = found;
      lastId = id;
    }
    return found;
  }

  /** The number in front of a message. */
  static int id(byte[] bytes, int from, int to) {
    if (to - from < PREFIX || bytes[from] != 0) {
      throw new BadValue(
          BadValue.SYNTAX,
          "the message does not begin with the number of its schema (a zero, and four bytes): "
              + BadValue.shorten(bytes, from, to));
    }
    return (bytes[from + 1] & 0xff) << 24
        | (bytes[from + 2] & 0xff) << 16
        | (bytes[from + 3] & 0xff) << 8
        | (bytes[from + 4] & 0xff);
  }

  private P find(int id) {
    P known = made.get(id);
    if (known != null) {
      return known;
    }
    BadValue bad = unusable.get(id);
    if (bad != null) {
      throw bad;
    }
    RegisteredSchema schema = registry.byId(id);
    try {
      P plan = make.apply(schema);
      made.put(id, plan);
      return plan;
    } catch (BadValue e) {
      BadValue told = new BadValue(e.code(), "schema " + id + ": " + e.text());
      unusable.put(id, told);
      throw told;
    }
  }
}
