package io.fluxcore.architecture.planted.arrows.domain;

import io.fluxcore.architecture.planted.arrows.adapters.in.AdaptersIn;
import io.fluxcore.architecture.planted.arrows.adapters.out.AdaptersOut;
import io.fluxcore.architecture.planted.arrows.application.Application;
import io.fluxcore.architecture.planted.arrows.boot.Boot;
import io.fluxcore.architecture.planted.arrows.infrastructure.Infrastructure;

/** Planted: crosses every arrow that it must not. */
public final class Domain {
  Application application;
  AdaptersIn adaptersIn;
  AdaptersOut adaptersOut;
  Infrastructure infrastructure;
  Boot boot;
}
