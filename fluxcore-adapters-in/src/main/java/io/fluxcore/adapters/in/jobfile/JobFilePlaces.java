package io.fluxcore.adapters.in.jobfile;

import io.fluxcore.adapters.in.jobfile.text.TextNode;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Listing;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Mapping;
import io.fluxcore.adapters.in.jobfile.text.TextNode.Scalar;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.Place;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a finding about a topology ({@code node 'count'.groupBy}) speaks of in the text of its
 * job file. Immutable.
 */
public final class JobFilePlaces {
  private static final Pattern NODE = Pattern.compile("node '([^']*)'(?:\\.(.*))?");

  private static final String EXPRESSION = ".expression";

  private final Mapping root;

  JobFilePlaces(Mapping root) {
    this.root = root;
  }

  /** The same finding, with line and column of this file. */
  Diagnostic locate(Diagnostic finding) {
    Place place = finding.place();
    Matcher matcher = NODE.matcher(place.path());
    Mapping node = matcher.matches() ? node(matcher.group(1)) : null;
    if (node == null) {
      return place.line() > 0 ? finding : at(finding, startOf(root.get("topology")));
    }
    String option = matcher.group(2);
    TextNode part = option == null ? null : part(node, option);
    if (part instanceof Scalar scalar && place.line() > 0) {
      return at(finding, scalar.at(place.line(), place.column()));
    }
    return at(finding, startOf(part == null ? node.get("name") : part));
  }

  private static Place startOf(@Nullable TextNode node) {
    return node == null ? Place.WHOLE : node.place();
  }

  private static Diagnostic at(Diagnostic finding, Place place) {
    return new Diagnostic(
        finding.severity(),
        finding.code(),
        new Place(finding.place().path(), place.line(), place.column()),
        finding.message(),
        finding.remedy());
  }

  private @Nullable Mapping node(String name) {
    if (root.get("topology") instanceof Listing nodes) {
      for (TextNode item : nodes.items()) {
        if (item instanceof Mapping node
            && node.get("name") instanceof Scalar text
            && text.text().equals(name)) {
          return node;
        }
      }
    }
    return null;
  }

  private static @Nullable TextNode part(Mapping node, String option) {
    if (option.equals("input")) {
      return node.get("from");
    }
    TextNode config =
        JobFileSchema.NODE_KINDS.stream()
            .filter(node.members()::containsKey)
            .map(node::get)
            .findFirst()
            .orElse(null);
    if (!(config instanceof Mapping mapping)) {
      return config instanceof Listing list ? item(list, option) : config;
    }
    Mapping settings = mapping;
    for (String shape : WindowSchema.KINDS) {
      if (node.members().containsKey("window") && mapping.get(shape) instanceof Mapping inner) {
        settings = inner;
      }
    }
    TextNode exact = settings.get(option);
    return exact != null ? exact : inner(settings, option);
  }

  /** {@code fields.x} and {@code branches.x} are members themselves in a file. */
  private static TextNode inner(Mapping settings, String option) {
    int dot = option.indexOf('.');
    String name = dot < 0 ? option : option.substring(dot + 1);
    TextNode member = settings.get(name);
    if (member != null) {
      return member;
    }
    TextNode deeper = deeper(settings, option);
    if (deeper != null) {
      return deeper;
    }
    TextNode fields = settings.get("fields");
    return fields != null && (option.equals("aggregates") || option.equals("output"))
        ? fields
        : settings;
  }

  /** What stands at a path of keys, which may have points themselves; as far as it leads. */
  private static @Nullable TextNode deeper(Mapping settings, String path) {
    for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      if (settings.get(path.substring(0, dot)) instanceof Mapping inner) {
        String rest = path.substring(dot + 1);
        TextNode member = inner.get(rest);
        TextNode found = member == null ? deeper(inner, rest) : member;
        return found == null ? inner : found;
      }
      if (path.substring(dot).equals(EXPRESSION)
          && settings.get(path.substring(0, dot)) instanceof Scalar expression) {
        return expression; // without the words beside it
      }
    }
    return null;
  }

  private static TextNode item(Listing list, String option) {
    String name = option.substring(option.indexOf('.') + 1);
    for (TextNode item : list.items()) {
      if (item instanceof Scalar scalar && scalar.text().equals(name)) {
        return scalar;
      }
      if (item instanceof Mapping mapping) {
        TextNode member = mapping.get(name);
        if (member != null) {
          return member;
        }
      }
    }
    return list;
  }
}
