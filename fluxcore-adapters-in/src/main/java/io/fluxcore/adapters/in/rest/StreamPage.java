package io.fluxcore.adapters.in.rest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The streams that take events. */
record StreamPage(List<StreamItem> items, @Nullable String nextCursor, int total) {
  /** A stream. */
  record StreamItem(String name) {}
}
