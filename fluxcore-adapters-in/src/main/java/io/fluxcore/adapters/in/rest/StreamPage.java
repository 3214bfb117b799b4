package io.fluxcore.adapters.in.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams that take events. */
record StreamPage(List<StreamItem> items, @Nullable String nextCursor, int total) {
  /**
   * A stream.
   *
   * @param secured whether publishers must show a token, or user and password
   * @param refused how many requests to publish did not show the right one
   */
  record StreamItem(String name, boolean secured, long refused) {}
}
