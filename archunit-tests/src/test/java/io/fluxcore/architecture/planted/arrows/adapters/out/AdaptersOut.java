package io.fluxcore.architecture.planted.arrows.adapters.out;

import io.fluxcore.architecture.planted.arrows.adapters.in.AdaptersIn;
import io.fluxcore.architecture.planted.arrows.boot.Boot;
import io.fluxcore.architecture.planted.arrows.infrastructure.Infrastructure;

/** Planted: crosses every arrow that it must not. */
public final class AdaptersOut {
  AdaptersIn adaptersIn;
  Infrastructure infrastructure;
  Boot boot;
}
