package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.BOOLEAN;
import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.NESTED;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions that make NESTED values and take them apart. The keys of maps are texts. */
final class NestedFunctions {
  private NestedFunctions() {}

  static List<ScalarFunction> all() {
    return List.of(
        making("array(value, …) → nested", "A list of these values.", 1, NestedFunctions::list),
        making(
            "map(key, value, …) → nested",
            "A map of these keys and values.",
            2,
            NestedFunctions::map),
        StandardFunction.typed(
            "item(nested, key) → nested",
            "The element at a position, from 1, or the value of a key; null where there is none.",
            2,
            2,
            List.of(NESTED),
            (function, arguments, context) ->
                new ScalarFunction.Binding(
                    NESTED,
                    List.of(NESTED, keyType(arguments.get(1))),
                    StandardFunction.body(
                        "item", NESTED, values -> AccessEvaluator.part(values[0], values[1])))),
        StandardFunction.ofValues(
            "cardinality(nested) → long",
            "How many elements a list, or keys a map, has.",
            LONG,
            List.of(NESTED),
            1,
            values -> size(values[0])),
        StandardFunction.ofValues(
            "element(nested) → nested",
            "The only element of a list; null of an empty one.",
            NESTED,
            List.of(NESTED),
            1,
            values -> only(ArrayFunctions.list(values[0]))),
        StandardFunction.ofValues(
            "map_keys(map) → nested",
            "The keys as a list.",
            NESTED,
            List.of(NESTED),
            1,
            values -> new ArrayList<>(map(values[0]).keySet())),
        StandardFunction.ofValues(
            "map_values(map) → nested",
            "The values as a list.",
            NESTED,
            List.of(NESTED),
            1,
            values -> new ArrayList<>(map(values[0]).values())),
        StandardFunction.ofValues(
            "map_entries(map) → nested",
            "A list of maps of key and value.",
            NESTED,
            List.of(NESTED),
            1,
            values -> entries(map(values[0]))),
        StandardFunction.ofValues(
            "map_from_arrays(keys, values) → nested",
            "A map of two lists.",
            NESTED,
            List.of(NESTED, NESTED),
            2,
            values -> zipped(ArrayFunctions.list(values[0]), ArrayFunctions.list(values[1]))),
        StandardFunction.variadic(
            "map_union(map, …) → nested",
            "All entries; of equal keys that of the last map.",
            NESTED,
            1,
            StandardFunction.body("map_union", NESTED, NestedFunctions::union)),
        StandardFunction.typed(
            "typeof(value) → string",
            "The name of the value's type.",
            1,
            1,
            List.of(),
            (function, arguments, context) -> {
              DataType type = arguments.get(0).type();
              String name = Coercion.isUntypedNull(arguments.get(0)) ? "null" : type.toString();
              return new ScalarFunction.Binding(
                  STRING,
                  List.of(type),
                  StandardFunction.nullableBody("typeof", STRING, values -> name));
            }),
        StandardFunction.ofValues(
            "is_empty(nested) → boolean",
            "Whether a list or map has nothing in it.",
            BOOLEAN,
            List.of(NESTED),
            1,
            values -> size(values[0]) == 0));
  }

  private static DataType keyType(Operand key) {
    return Coercion.isUntypedNull(key) ? STRING : key.type();
  }

  private static ScalarFunction making(
      String signature, String description, int unit, StandardFunction.OfNullables function) {
    return StandardFunction.typed(
        signature,
        description,
        0,
        Integer.MAX_VALUE,
        List.of(),
        (of, arguments, context) -> {
          if (arguments.size() % unit != 0) {
            throw Arguments.mismatch(of, "needs a value for each key");
          }
          List<DataType> types = new ArrayList<>();
          arguments.forEach(argument -> types.add(argument.type()));
          return new ScalarFunction.Binding(
              NESTED, types, StandardFunction.nullableBody(of.name(), NESTED, function));
        });
  }

  private static List<@Nullable Object> list(@Nullable Object[] values) {
    List<@Nullable Object> list = new ArrayList<>(values.length);
    for (Object value : values) {
      list.add(NestedValues.of(value));
    }
    return list;
  }

  private static Map<String, @Nullable Object> map(@Nullable Object[] values) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i += 2) {
      map.put(key(values[i]), NestedValues.of(values[i + 1]));
    }
    return map;
  }

  private static String key(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("a key of a map is null");
    }
    return TextValues.text(value);
  }

  /** A value that must be a map. */
  private static Map<?, ?> map(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("this is no map");
  }

  private static long size(Object value) {
    return value instanceof Map<?, ?> map ? map.size() : ArrayFunctions.list(value).size();
  }

  private static @Nullable Object only(List<?> list) {
    if (list.size() > 1) {
      throw new IllegalArgumentException("the list has " + list.size() + " elements");
    }
    return list.isEmpty() ? null : list.get(0);
  }

  private static List<Object> entries(Map<?, ?> map) {
    List<Object> entries = new ArrayList<>();
    map.forEach(
        (key, value) -> {
          Map<String, @Nullable Object> entry = new LinkedHashMap<>();
          entry.put("key", key);
          entry.put("value", value);
          entries.add(entry);
        });
    return entries;
  }

  private static Map<String, @Nullable Object> zipped(List<?> keys, List<?> values) {
    if (keys.size() != values.size()) {
      throw new IllegalArgumentException(
          keys.size() + " keys do not go with " + values.size() + " values");
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      map.put(key(keys.get(i)), values.get(i));
    }
    return map;
  }

  private static Map<String, @Nullable Object> union(Object[] values) {
    Map<String, @Nullable Object> union = new LinkedHashMap<>();
    for (Object value : values) {
      map(value).forEach((key, of) -> union.put(String.valueOf(key), of));
    }
    return Collections.unmodifiableMap(union);
  }
}
