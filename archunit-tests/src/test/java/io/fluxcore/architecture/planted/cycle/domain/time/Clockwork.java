package io.fluxcore.architecture.planted.cycle.domain.time;

import io.fluxcore.architecture.planted.cycle.domain.window.Pane;

/** Planted: time uses windows, which use time. */
public final class Clockwork {
  Pane pane;
}
