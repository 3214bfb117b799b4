package io.fluxcore.adapters.in.jobfile.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode.Listing;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Member;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.error.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Replaces parameters in values, not in keys: {@code ${name}}, or with a default {@code
 * ${name:default}}. A default may itself hold parameters. A doubled dollar sign before the brace
 * stands for a plain one. A value that is one parameter and nothing else has the type that its
 * replacement would have if it were written there. Not thread-safe; for one file.
 */
public final class Parameters {
  private final Map<String, String> values;
  private final Map<String, String> predefined;
  private final Set<String> seen = new TreeSet<>();
  private final List<Diagnostic> problems = new ArrayList<>();

  /**
   * Parameters with these values.
   *
   * @param values what the user gave
   * @param predefined what every file has; users cannot give these
   */
  public Parameters(Map<String, String> values, Map<String, String> predefined) {
    this.values = Map.copyOf(values);
    this.predefined = Map.copyOf(predefined);
  }

  /** The tree with every parameter replaced; what is wrong is in {@link #problems}. */
  public TextNode replaceIn(TextNode root) {
    TextNode replaced = replace(root);
    for (String given : new TreeSet<>(values.keySet())) {
      if (!seen.contains(given)) {
        problems.add(
            Diagnostic.error(
                "FLX-JOBFILE-0012",
                Place.of("parameter '" + given + "'"),
                "the job file has no parameter '" + given + "'",
                seen.isEmpty()
                    ? "it has none; leave out --set " + given + "=…"
                    : NearestName.remedy(given, seen, "it has")));
      }
    }
    return replaced;
  }

  /** What was found wrong, empty if nothing was. */
  public List<Diagnostic> problems() {
    return List.copyOf(problems);
  }

  private TextNode replace(TextNode node) {
    if (node instanceof Mapping mapping) {
      Map<String, Member> members = new LinkedHashMap<>();
      mapping
          .members()
          .forEach((key, m) -> members.put(key, new Member(m.place(), replace(m.value()))));
      return new Mapping(mapping.place(), members);
    }
    if (node instanceof Listing listing) {
      return new Listing(listing.place(), listing.items().stream().map(this::replace).toList());
    }
    Scalar scalar = (Scalar) node;
    return scalar.text().contains("${") ? new Replacement(scalar).result() : scalar;
  }

  /** The work on one scalar. */
  private final class Replacement {
    private final Scalar scalar;
    private final String text;
    private final StringBuilder out = new StringBuilder();
    private int[] origins = new int[64];

    Replacement(Scalar scalar) {
      this.scalar = scalar;
      this.text = scalar.text();
    }

    Scalar result() {
      expand(0, text.length());
      String replaced = out.toString();
      boolean whole = text.startsWith("${") && endOf(0, text.length()) == text.length() - 1;
      boolean typed = scalar.origin().isPlain() || whole;
      return new Scalar(
          typed ? PlainValue.of(replaced) : replaced,
          replaced,
          scalar.origin().substituted(text, Arrays.copyOf(origins, out.length())));
    }

    private void emit(String piece, int origin, boolean advances) {
      for (int i = 0; i < piece.length(); i++) {
        if (out.length() == origins.length) {
          origins = Arrays.copyOf(origins, origins.length * 2);
        }
        origins[out.length()] = advances ? origin + i : origin;
        out.append(piece.charAt(i));
      }
    }

    private void expand(int from, int to) {
      int at = from;
      while (at < to) {
        int start = text.indexOf("${", at);
        if (start < 0 || start >= to) {
          emit(text.substring(at, to), at, true);
          return;
        }
        if (start > at && text.charAt(start - 1) == '$') {
          emit(text.substring(at, start - 1) + "${", at, true);
          at = start + 2;
          continue;
        }
        emit(text.substring(at, start), at, true);
        int end = endOf(start, to);
        if (end < 0) {
          malformed(start, "'${' has no '}'");
          return;
        }
        parameter(start, end);
        at = end + 1;
      }
    }

    /** Where the brace closes that opens after a dollar sign, or -1. */
    private int endOf(int start, int to) {
      int depth = 0;
      for (int i = start + 1; i < to; i++) {
        char c = text.charAt(i);
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (depth == 0) {
          return i;
        }
      }
      return -1;
    }

    private void parameter(int start, int end) {
      int colon = text.indexOf(':', start);
      boolean hasDefault = colon >= 0 && colon < end;
      String name = text.substring(start + 2, hasDefault ? colon : end).strip();
      if (!name.matches("[A-Za-z_][A-Za-z0-9_.-]*")) {
        malformed(start, "'" + name + "' is not the name of a parameter");
        return;
      }
      String value = valueOf(name);
      if (value != null) {
        emit(value, start, false);
      } else if (hasDefault) {
        expand(colon + 1, end);
      } else {
        problems.add(
            Diagnostic.error(
                "FLX-JOBFILE-0010",
                place(start),
                "the parameter '" + name + "' has no value",
                "give it with --set " + name + "=…, or write a default: ${" + name + ":…}"));
      }
    }

    private @Nullable String valueOf(String name) {
      String fixed = predefined.get(name);
      if (fixed != null) {
        return fixed;
      }
      seen.add(name);
      return values.get(name);
    }

    private void malformed(int start, String what) {
      problems.add(
          Diagnostic.error(
              "FLX-JOBFILE-0011",
              place(start),
              what,
              "write ${name} or ${name:default}; a plain '${' is written '$${'"));
    }

    private Place place(int index) {
      int line = 1;
      int lineStart = 0;
      for (int i = 0; i < index; i++) {
        if (text.charAt(i) == '\n') {
          line++;
          lineStart = i + 1;
        }
      }
      return scalar.at(line, index - lineStart + 1);
    }
  }
}
