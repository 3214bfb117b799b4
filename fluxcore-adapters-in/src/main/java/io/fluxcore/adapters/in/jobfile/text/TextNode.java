package io.fluxcore.adapters.in.jobfile.text;

import io.fluxcore.domain.error.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a text, with where it starts. Immutable. */
public sealed interface TextNode {
  /** Line and column of its first character. */
  Place place();

  /**
   * Named values, in the order of the text.
   *
   * @param members by key
   */
  record Mapping(Place place, Map<String, Member> members) implements TextNode {
    public Mapping {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /** The value of a key, or null if the key is not there. */
    public @Nullable TextNode get(String key) {
      Member member = members.get(key);
      return member == null ? null : member.value();
    }
  }

  /**
   * A key's place and its value.
   *
   * @param place where the key starts
   */
  record Member(Place place, TextNode value) {}

  /** Values in order. */
  record Listing(Place place, List<TextNode> items) implements TextNode {
    public Listing {
      items = List.copyOf(items);
    }
  }

  /**
   * A single value.
   *
   * @param value String, Long, Double, Boolean or null
   * @param text as it was written, without quotes and with escapes resolved
   * @param origin where its characters come from
   */
  record Scalar(@Nullable Object value, String text, ScalarOrigin origin) implements TextNode {
    @Override
    public Place place() {
      return origin.start();
    }

    /** The place in the file of a line and column (both from 1) of {@link #text}. */
    public Place at(int line, int column) {
      return origin.placeOf(text, line, column);
    }
  }

  /** The part of this tree at a path of keys and indices, as far as the path leads. */
  default TextNode walk(List<?> path) {
    TextNode node = this;
    for (Object step : path) {
      TextNode next = null;
      if (node instanceof Mapping mapping) {
        next = mapping.get(String.valueOf(step));
      } else if (node instanceof Listing listing && step instanceof Integer index) {
        next = index >= 0 && index < listing.items().size() ? listing.items().get(index) : null;
      }
      if (next == null) {
        return node;
      }
      node = next;
    }
    return node;
  }
}
