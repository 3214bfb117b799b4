package io.fluxcore.domain.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path of SQL/JSON (ISO/IEC 19075-6): {@code lax $.a['b'][0].*}, with positions from 0, {@code
 * last}, ranges such as {@code [1 to 3]} and {@code [*]}; no filters and no methods. In lax mode,
 * which is meant unless it says strict, what is not there is nothing, members of a list are those
 * of its elements, and a value stands for a list of it. Immutable.
 */
final class JsonPath {
  /** A step of a path. */
  private sealed interface Step {
    /** A member by its name; null for all. */
    record Member(@Nullable String name) implements Step {}

    /** Elements, counted from 0, and from the end where {@code fromEnd}; null for all. */
    record Elements(@Nullable Place from, @Nullable Place to) implements Step {}
  }

  private record Place(long index, boolean fromEnd) {
    long in(List<?> list) {
      return fromEnd ? list.size() - 1 - index : index;
    }
  }

  /** What a strict path does not find. */
  static final class NotThere extends IllegalArgumentException {
    NotThere(String message) {
      super(message);
    }
  }

  private final String text;
  private final List<Step> steps = new ArrayList<>();
  private final boolean isStrict;
  private int at;

  private JsonPath(String path) {
    String stripped = path.strip();
    boolean saysStrict = stripped.regionMatches(true, 0, "strict ", 0, 7);
    boolean saysLax = stripped.regionMatches(true, 0, "lax ", 0, 4);
    this.isStrict = saysStrict;
    String rest = saysStrict ? stripped.substring(7) : saysLax ? stripped.substring(4) : stripped;
    String plain = rest.strip();
    this.text = plain.startsWith("$") ? plain.substring(1) : "." + plain;
    while (at < text.length()) {
      steps.add(step());
    }
  }

  /**
   * A path.
   *
   * @throws IllegalArgumentException if it is none
   */
  static JsonPath of(String path) {
    return new JsonPath(path);
  }

  boolean isStrict() {
    return isStrict;
  }

  /** Whether it leads to one value at most. */
  boolean isDefinite() {
    return steps.stream()
        .allMatch(
            step ->
                step instanceof Step.Member member
                    ? member.name() != null
                    : step instanceof Step.Elements elements
                        && elements.from() != null
                        && elements.from().equals(elements.to()));
  }

  private IllegalArgumentException wrong() {
    return new IllegalArgumentException("cannot follow the path '$" + text + "'");
  }

  private Step step() {
    char c = text.charAt(at++);
    if (c == '.') {
      return member();
    }
    if (c != '[') {
      throw wrong();
    }
    int end = text.indexOf(']', at);
    if (at < text.length() && (text.charAt(at) == '\'' || text.charAt(at) == '"')) {
      String name = quoted();
      if (at >= text.length() || text.charAt(at++) != ']') {
        throw wrong();
      }
      return new Step.Member(name);
    }
    if (end < 0) {
      throw wrong();
    }
    String inner = text.substring(at, end).strip();
    at = end + 1;
    if (inner.equals("*")) {
      return new Step.Elements(null, null);
    }
    int to = inner.indexOf(" to ");
    return to < 0
        ? new Step.Elements(place(inner), place(inner))
        : new Step.Elements(place(inner.substring(0, to)), place(inner.substring(to + 4)));
  }

  private Place place(String inner) {
    String word = inner.replace(" ", "");
    if (word.equals("last")) {
      return new Place(0, true);
    }
    if (word.matches("last-[0-9]{1,9}")) {
      return new Place(Long.parseLong(word.substring(5)), true);
    }
    if (!word.matches("[0-9]{1,9}")) {
      throw wrong();
    }
    return new Place(Long.parseLong(word), false);
  }

  private Step member() {
    if (at < text.length() && text.charAt(at) == '"') {
      return new Step.Member(quoted());
    }
    int from = at;
    while (at < text.length() && ".[".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String name = text.substring(from, at).strip();
    if (name.isEmpty() || name.indexOf('(') >= 0 || name.indexOf('?') >= 0) {
      throw wrong();
    }
    return new Step.Member(name.equals("*") ? null : name);
  }

  private String quoted() {
    char quote = text.charAt(at);
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw wrong();
    }
    String name = text.substring(at + 1, end);
    at = end + 1;
    return name;
  }

  /**
   * What the path leads to in a nested value.
   *
   * @throws NotThere if the path is strict, and leads to nothing
   */
  List<@Nullable Object> find(@Nullable Object value) {
    List<@Nullable Object> current = new ArrayList<>();
    current.add(value);
    for (Step step : steps) {
      List<@Nullable Object> next = new ArrayList<>();
      for (Object item : current) {
        if (step instanceof Step.Member member) {
          members(item, member.name(), next, !isStrict);
        } else {
          elements(item, (Step.Elements) step, next);
        }
      }
      current = next;
    }
    return current;
  }

  private void members(
      @Nullable Object item,
      @Nullable String name,
      List<@Nullable Object> out,
      boolean unwrapsLists) {
    if (item instanceof Map<?, ?> map) {
      if (name == null) {
        out.addAll(map.values());
      } else if (map.containsKey(name)) {
        out.add(map.get(name));
      } else if (isStrict) {
        throw new NotThere("there is no member '" + name + "'");
      }
    } else if (unwrapsLists && item instanceof List<?> list) {
      list.forEach(element -> members(element, name, out, false));
    } else if (isStrict) {
      throw new NotThere("there are no members");
    }
  }

  private void elements(@Nullable Object item, Step.Elements step, List<@Nullable Object> out) {
    if (isStrict && !(item instanceof List)) {
      throw new NotThere("there are no elements");
    }
    if (!(item instanceof List<?> list)) {
      List<@Nullable Object> alone = new ArrayList<>();
      alone.add(item);
      elements(alone, step, out);
      return;
    }
    Place from = step.from();
    Place to = step.to();
    if (from == null || to == null) {
      out.addAll(list);
      return;
    }
    long first = from.in(list);
    long last = to.in(list);
    if (isStrict && (first < 0 || last >= list.size() || first > last)) {
      throw new NotThere("there is no element " + first);
    }
    for (long i = Math.max(0, first); i <= Math.min(last, list.size() - 1L); i++) {
      out.add(list.get((int) i));
    }
  }
}
