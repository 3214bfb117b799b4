package io.fluxcore.adapters.in.rest;

import java.util.List;

/** Savepoints, the oldest first. */
record SavepointPage(List<SavepointItem> items) {
  SavepointPage {
    items = List.copyOf(items);
  }
}
