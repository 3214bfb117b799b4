package io.fluxcore.architecture.planted.libraries.ddsketch.infrastructure.sketch;

import com.datadoghq.sketch.ddsketch.DDSketch;

/** Allowed: a library in its folder. */
final class WellBehaved {
  DDSketch library;
}
