package io.fluxcore.architecture.planted.libraries.ddsketch.infrastructure.embedded;

import com.datadoghq.sketch.ddsketch.DDSketch;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  DDSketch library;
}
