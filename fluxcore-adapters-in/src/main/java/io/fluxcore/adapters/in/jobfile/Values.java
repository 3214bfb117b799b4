package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Listing;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.operator.RetryPolicy;
import io.fluxcore.domain.time.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes values out of a tree that the schema has accepted. What the schema cannot know is collected
 * as problems, and a harmless value taken instead. Not thread-safe; for one file.
 */
final class Values {
  private final List<Diagnostic> problems = new ArrayList<>();

  List<Diagnostic> problems() {
    return problems;
  }

  /** What a value is made into, or null with a problem told at the value's place. */
  <T> @Nullable T check(TextNode node, Supplier<T> conversion) {
    try {
      return conversion.get();
    } catch (IllegalArgumentException | ArithmeticException e) {
      problems.add(
          Diagnostic.error(
              "FLX-JOBFILE-0030", node.place(), String.valueOf(e.getMessage()), "correct it"));
      return null;
    }
  }

  /** What a text is parsed into, or null with its mistakes told at their places in the file. */
  <T> @Nullable T parse(TextNode node, Function<String, T> parser) {
    Scalar scalar = (Scalar) node;
    try {
      return parser.apply(scalar.text());
    } catch (FluxCoreException e) {
      for (Diagnostic d : e.diagnostics()) {
        Place place =
            d.place().line() > 0 ? scalar.at(d.place().line(), d.place().column()) : scalar.place();
        problems.add(new Diagnostic(d.severity(), d.code(), place, d.message(), d.remedy()));
      }
      return null;
    }
  }

  static Mapping mapping(TextNode node) {
    return (Mapping) node;
  }

  static String text(TextNode node) {
    return ((Scalar) node).text();
  }

  static @Nullable String optionalText(Mapping mapping, String key) {
    TextNode node = mapping.get(key);
    return node == null ? null : text(node);
  }

  static String text(Mapping mapping, String key, String absent) {
    String text = optionalText(mapping, key);
    return text == null ? absent : text;
  }

  static int integer(Mapping mapping, String key, int absent) {
    return Math.toIntExact(wholeNumber(mapping, key, absent));
  }

  static long wholeNumber(Mapping mapping, String key, long absent) {
    TextNode node = mapping.get(key);
    return node instanceof Scalar scalar && scalar.value() instanceof Long number ? number : absent;
  }

  static double number(Mapping mapping, String key, double absent) {
    TextNode node = mapping.get(key);
    return node == null ? absent : Double.parseDouble(text(node));
  }

  static boolean flag(Mapping mapping, String key) {
    TextNode node = mapping.get(key);
    return node != null && Boolean.parseBoolean(text(node));
  }

  /** A text, or the texts of a list. */
  static List<String> texts(TextNode node) {
    return node instanceof Listing listing
        ? listing.items().stream().map(Values::text).toList()
        : List.of(text(node));
  }

  Duration duration(Mapping mapping, String key, Duration absent) {
    Duration duration = optionalDuration(mapping, key);
    return duration == null ? absent : duration;
  }

  @Nullable Duration optionalDuration(Mapping mapping, String key) {
    TextNode node = mapping.get(key);
    return node == null ? null : check(node, () -> DurationText.parse(text(node)));
  }

  /** A duration that may have a minus sign. */
  Duration offset(Mapping mapping, String key) {
    TextNode node = mapping.get(key);
    if (node == null) {
      return Duration.ZERO;
    }
    String text = text(node);
    Duration parsed =
        check(
            node,
            () ->
                text.startsWith("-")
                    ? DurationText.parse(text.substring(1)).negated()
                    : DurationText.parse(text));
    return parsed == null ? Duration.ZERO : parsed;
  }

  static <E extends Enum<E>> E constant(Mapping mapping, String key, Class<E> type, E absent) {
    String text = optionalText(mapping, key);
    return text == null ? absent : constant(type, text);
  }

  static <E extends Enum<E>> E constant(Class<E> type, String text) {
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** A word, or retries with the word for what follows them. */
  @Nullable ErrorPolicy errorPolicy(Mapping mapping) {
    TextNode node = mapping.get("errorPolicy");
    if (node == null) {
      return null;
    }
    if (!(node instanceof Mapping settings)) {
      return new ErrorPolicy(constant(ErrorPolicy.Action.class, text(node)), null);
    }
    Mapping retry = mapping(Objects.requireNonNull(settings.get("retry")));
    RetryPolicy policy = check(node, () -> retryPolicy(retry));
    ErrorPolicy.Action then =
        constant(settings, "then", ErrorPolicy.Action.class, ErrorPolicy.Action.DEAD_LETTER);
    return new ErrorPolicy(then, policy);
  }

  private RetryPolicy retryPolicy(Mapping retry) {
    Duration initial = duration(retry, "initial", Duration.ofSeconds(1));
    return new RetryPolicy(
        integer(retry, "attempts", 1),
        initial,
        duration(retry, "maximum", initial.multipliedBy(10)),
        number(retry, "factor", 2));
  }

  /** Lists, maps and single values as Java has them; nulls in maps are left out. */
  static @Nullable Object plain(TextNode node) {
    if (node instanceof Mapping mapping) {
      Map<String, Object> values = new LinkedHashMap<>();
      mapping
          .members()
          .forEach(
              (key, member) -> {
                Object value = plain(member.value());
                if (value != null) {
                  values.put(key, value);
                }
              });
      return values;
    }
    if (node instanceof Listing listing) {
      List<Object> values = new ArrayList<>();
      for (TextNode item : listing.items()) {
        Object value = plain(item);
        values.add(value == null ? "" : value);
      }
      return values;
    }
    return ((Scalar) node).value();
  }
}
