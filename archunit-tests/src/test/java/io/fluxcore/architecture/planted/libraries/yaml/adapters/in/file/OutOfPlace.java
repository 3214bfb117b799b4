package io.fluxcore.architecture.planted.libraries.yaml.adapters.in.file;

import org.snakeyaml.engine.v2.api.Dump;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Dump library;
}
