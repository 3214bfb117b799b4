package io.fluxcore.architecture.planted.cycle.domain.window;

import io.fluxcore.architecture.planted.cycle.domain.time.Clockwork;

/** Planted: windows use time, which uses windows. */
public final class Pane {
  Clockwork clockwork;
}
