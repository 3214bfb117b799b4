package io.fluxcore.architecture.planted.arrows.infrastructure;

import io.fluxcore.architecture.planted.arrows.adapters.in.AdaptersIn;
import io.fluxcore.architecture.planted.arrows.adapters.out.AdaptersOut;
import io.fluxcore.architecture.planted.arrows.boot.Boot;

/** Planted: crosses every arrow that it must not. */
public final class Infrastructure {
  AdaptersIn adaptersIn;
  AdaptersOut adaptersOut;
  Boot boot;
}
