package io.fluxcore.architecture.planted.arrows.adapters.in;

import io.fluxcore.architecture.planted.arrows.adapters.out.AdaptersOut;
import io.fluxcore.architecture.planted.arrows.boot.Boot;
import io.fluxcore.architecture.planted.arrows.infrastructure.Infrastructure;

/** Planted: crosses every arrow that it must not. */
public final class AdaptersIn {
  AdaptersOut adaptersOut;
  Infrastructure infrastructure;
  Boot boot;
}
