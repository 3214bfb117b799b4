package io.fluxcore.domain.pattern;

import org.jspecify.annotations.Nullable;

/**
 * An event as one of a stage, and those before it: matches that begin with the same events share
 * the links of these. Immutable.
 */
final class Link {
  final @Nullable Link previous;
  final int stage;
  final HeldEvent event;

  /** Links up to and with this one. */
  final int length;

  Link(@Nullable Link previous, int stage, HeldEvent event) {
    this.previous = previous;
    this.stage = stage;
    this.event = event;
    this.length = previous == null ? 1 : previous.length + 1;
  }

  /** The first link. */
  Link first() {
    Link link = this;
    while (link.previous != null) {
      link = link.previous;
    }
    return link;
  }

  /** The events of a stage, in their order. */
  static HeldEvent[] events(@Nullable Link last, int stage) {
    int count = 0;
    for (Link link = last; link != null; link = link.previous) {
      count += link.stage == stage ? 1 : 0;
    }
    HeldEvent[] events = new HeldEvent[count];
    for (Link link = last; link != null; link = link.previous) {
      if (link.stage == stage) {
        events[--count] = link.event;
      }
    }
    return events;
  }
}
