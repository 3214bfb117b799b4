package io.fluxcore.adapters.in.jobfile.text;

import io.fluxcore.adapters.in.jobfile.text.TextNode.Member;
import io.fluxcore.domain.error.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes a tree of a parser's events, refusing duplicate keys and bottomless nesting. */
final class TreeBuilder {
  private static final int MAX_DEPTH = 64;

  private final Deque<Open> open = new ArrayDeque<>();
  private @Nullable TextNode root;

  /** A mapping or list whose end has not come. */
  private static final class Open {
    final Place place;
    final boolean mapping;
    final Map<String, Member> members = new LinkedHashMap<>();
    final List<TextNode> items = new ArrayList<>();
    @Nullable String key;
    Place keyPlace = Place.WHOLE;

    Open(Place place, boolean mapping) {
      this.place = place;
      this.mapping = mapping;
    }
  }

  void start(Place place, boolean mapping) {
    if (open.size() == MAX_DEPTH) {
      throw TextErrors.refused(
          place,
          "the nesting is deeper than " + MAX_DEPTH + " levels",
          "a job file needs no more than ten");
    }
    open.push(new Open(place, mapping));
  }

  void end() {
    Open done = open.pop();
    add(
        done.mapping
            ? new TextNode.Mapping(done.place, done.members)
            : new TextNode.Listing(done.place, done.items));
  }

  boolean wantsKey() {
    Open top = open.peek();
    return top != null && top.mapping && top.key == null;
  }

  void key(Place place, String key) {
    Open top = Objects.requireNonNull(open.peek());
    Member first = top.members.get(key);
    if (first != null) {
      throw TextErrors.duplicate(place, key, first.place());
    }
    top.key = key;
    top.keyPlace = place;
  }

  void add(TextNode node) {
    Open top = open.peek();
    if (top == null) {
      root = node;
    } else if (!top.mapping) {
      top.items.add(node);
    } else {
      top.members.put(Objects.requireNonNull(top.key), new Member(top.keyPlace, node));
      top.key = null;
    }
  }

  /** The tree, or null if there was nothing. */
  @Nullable TextNode root() {
    return root;
  }
}
