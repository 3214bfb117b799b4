package io.fluxcore.domain.expression;

import static io.fluxcore.domain.event.DataType.BOOLEAN;
import static io.fluxcore.domain.event.DataType.LONG;
import static io.fluxcore.domain.event.DataType.NESTED;
import static io.fluxcore.domain.event.DataType.STRING;

import io.fluxcore.domain.event.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Functions of lists. Elements are equal as nested values are: numbers by their value, maps
 * whatever the order of their keys. A list is never changed.
 */
final class ArrayFunctions {
  private static final long LONGEST_SEQUENCE = 1_000_000;

  private ArrayFunctions() {}

  static List<ScalarFunction> all() {
    List<ScalarFunction> all = new ArrayList<>();
    all.addAll(withElements());
    all.addAll(ofLists());
    all.addAll(parts());
    return all;
  }

  private static List<ScalarFunction> withElements() {
    return List.of(
        withElement(
            "array_append(list, value) → nested",
            "With a value at its end.",
            NESTED,
            (list, value) -> {
              List<@Nullable Object> longer = new ArrayList<>(list);
              longer.add(value);
              return longer;
            }),
        withElement(
            "array_prepend(list, value) → nested",
            "With a value at its start.",
            NESTED,
            (list, value) -> {
              List<@Nullable Object> longer = new ArrayList<>(list);
              longer.add(0, value);
              return longer;
            }),
        withElement(
            "array_contains(list, value) → boolean",
            "Whether there is such an element, which may be null.",
            BOOLEAN,
            NestedValues::contains),
        withElement(
            "array_remove(list, value) → nested",
            "Without the elements that are equal to a value, which may be null.",
            NESTED,
            (list, value) -> {
              List<@Nullable Object> rest = new ArrayList<>(list);
              rest.removeIf(element -> NestedValues.isEqual(element, value));
              return rest;
            }),
        withElement(
            "array_position(list, value) → long",
            "Where the first such element is, from 1, or 0; null where the value is.",
            LONG,
            (list, value) -> value == null ? null : NestedValues.indexOf(list, value) + 1L));
  }

  private static List<ScalarFunction> ofLists() {
    return List.of(
        StandardFunction.variadic(
            "array_concat(list, …) → nested",
            "The lists, one behind the other.",
            NESTED,
            1,
            StandardFunction.body(
                "array_concat",
                NESTED,
                values -> {
                  List<@Nullable Object> all = new ArrayList<>();
                  for (Object value : values) {
                    all.addAll(list(value));
                  }
                  return all;
                })),
        StandardFunction.ofValues(
            "array_distinct(list) → nested",
            "Each element once.",
            NESTED,
            List.of(NESTED),
            1,
            values -> distinct(list(values[0]))),
        StandardFunction.ofValues(
            "array_union(list, other) → nested",
            "The elements of either, each once.",
            NESTED,
            List.of(NESTED, NESTED),
            2,
            values -> {
              List<@Nullable Object> all = new ArrayList<>(list(values[0]));
              all.addAll(list(values[1]));
              return distinct(all);
            }),
        StandardFunction.ofValues(
            "array_intersect(list, other) → nested",
            "The elements of both, each once.",
            NESTED,
            List.of(NESTED, NESTED),
            2,
            values -> among(values, true)),
        StandardFunction.ofValues(
            "array_except(list, other) → nested",
            "The elements of the first that the other has not, each once.",
            NESTED,
            List.of(NESTED, NESTED),
            2,
            values -> among(values, false)),
        StandardFunction.ofValues(
            "array_reverse(list) → nested",
            "From last to first.",
            NESTED,
            List.of(NESTED),
            1,
            values -> {
              List<@Nullable Object> reversed = new ArrayList<>(list(values[0]));
              Collections.reverse(reversed);
              return reversed;
            }),
        StandardFunction.ofValues(
            "array_sort(list [, ascending [, nulls first]]) → nested",
            "In order, ascending unless it is said; nulls are first where it ascends.",
            NESTED,
            List.of(NESTED, BOOLEAN, BOOLEAN),
            1,
            ArrayFunctions::sorted));
  }

  private static List<ScalarFunction> parts() {
    return List.of(
        extreme("array_max", "The greatest element that is not null.", NestedValues.ORDER),
        extreme("array_min", "The least element that is not null.", NestedValues.ORDER.reversed()),
        StandardFunction.ofValues(
            "array_slice(list, from [, to]) → nested",
            "The elements from a position to another, which counts from 1, or from the end where it"
                + " is negative.",
            NESTED,
            List.of(NESTED, LONG, LONG),
            2,
            values ->
                slice(
                    list(values[0]), (Long) values[1], values.length > 2 ? (Long) values[2] : -1)),
        StandardFunction.ofValues(
            "sequence(from, to) → nested",
            "The whole numbers from one to another, both among them; none where the second is less."
                + " A million at most.",
            NESTED,
            List.of(LONG, LONG),
            2,
            values -> sequence((Long) values[0], (Long) values[1])),
        StandardFunction.ofValues(
            "array_join(list, delimiter [, for null]) → string",
            "The elements as text with a delimiter between them; nulls are left out unless there is"
                + " a text for them.",
            STRING,
            List.of(NESTED, STRING, STRING),
            2,
            values ->
                joined(
                    list(values[0]),
                    (String) values[1],
                    values.length > 2 ? (String) values[2] : null)));
  }

  private static List<Long> sequence(long from, long to) {
    if (to < from) {
      return List.of();
    }
    long further = to - from;
    if (further < 0 || further >= LONGEST_SEQUENCE) {
      throw new IllegalArgumentException(
          "the numbers from " + from + " to " + to + " are more than " + LONGEST_SEQUENCE);
    }
    List<Long> numbers = new ArrayList<>((int) further + 1);
    for (long i = 0; i <= further; i++) {
      numbers.add(from + i);
    }
    return numbers;
  }

  /** A value that must be a list. */
  static List<?> list(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("this is no list");
  }

  /** What a function gives for a list and a value. */
  @FunctionalInterface
  private interface OfElement {
    @Nullable Object apply(List<?> list, @Nullable Object value);
  }

  /** A function of a list and a value of any type, which may be null. */
  private static ScalarFunction withElement(
      String signature, String description, DataType result, OfElement function) {
    return StandardFunction.typed(
        signature,
        description,
        2,
        2,
        List.of(NESTED),
        (of, arguments, context) ->
            new ScalarFunction.Binding(
                result,
                List.of(NESTED, arguments.get(1).type()),
                StandardFunction.nullableBody(
                    of.name(),
                    result,
                    values ->
                        values[0] == null
                            ? null
                            : function.apply(list(values[0]), NestedValues.of(values[1])))));
  }

  private static ScalarFunction extreme(
      String name, String description, Comparator<@Nullable Object> order) {
    return StandardFunction.ofValues(
        name + "(list) → nested",
        description,
        NESTED,
        List.of(NESTED),
        1,
        values -> {
          Object best = null;
          for (Object element : list(values[0])) {
            if (element != null && (best == null || order.compare(element, best) > 0)) {
              best = element;
            }
          }
          return best;
        });
  }

  private static List<@Nullable Object> distinct(List<?> list) {
    TreeSet<@Nullable Object> seen = new TreeSet<>(NestedValues.ORDER);
    List<@Nullable Object> distinct = new ArrayList<>();
    for (Object element : list) {
      if (seen.add(element)) {
        distinct.add(element);
      }
    }
    return distinct;
  }

  private static List<@Nullable Object> among(Object[] values, boolean wanted) {
    TreeSet<@Nullable Object> others = new TreeSet<>(NestedValues.ORDER);
    others.addAll(list(values[1]));
    List<@Nullable Object> rest = distinct(list(values[0]));
    rest.removeIf(element -> others.contains(element) != wanted);
    return rest;
  }

  private static List<@Nullable Object> sorted(Object[] values) {
    boolean ascending = values.length < 2 || (Boolean) values[1];
    boolean nullsFirst = values.length < 3 ? ascending : (Boolean) values[2];
    List<@Nullable Object> sorted = new ArrayList<>();
    List<@Nullable Object> nulls = new ArrayList<>();
    for (Object element : list(values[0])) {
      (element == null ? nulls : sorted).add(element);
    }
    sorted.sort(ascending ? NestedValues.ORDER : NestedValues.ORDER.reversed());
    sorted.addAll(nullsFirst ? 0 : sorted.size(), nulls);
    return sorted;
  }

  private static List<@Nullable Object> slice(List<?> list, long from, long to) {
    long first = Math.max(1, from < 0 ? list.size() + from + 1 : from);
    long last = Math.min(list.size(), to < 0 ? list.size() + to + 1 : to);
    return first > last
        ? new ArrayList<>()
        : new ArrayList<>(list.subList((int) (first - 1), (int) last));
  }

  private static String joined(List<?> list, String delimiter, @Nullable String forNull) {
    StringBuilder joined = new StringBuilder();
    String separator = "";
    for (Object element : list) {
      if (element != null || forNull != null) {
        joined.append(separator).append(element == null ? forNull : TextValues.text(element));
        separator = delimiter;
      }
    }
    return joined.toString();
  }
}
