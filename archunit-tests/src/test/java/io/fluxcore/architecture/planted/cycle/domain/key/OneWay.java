package io.fluxcore.architecture.planted.cycle.domain.key;

import io.fluxcore.architecture.planted.cycle.domain.window.Pane;

/** Allowed: uses a package that does not use this one. */
final class OneWay {
  Pane pane;
}
