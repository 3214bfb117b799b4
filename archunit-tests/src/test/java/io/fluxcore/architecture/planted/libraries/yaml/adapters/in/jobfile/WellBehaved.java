package io.fluxcore.architecture.planted.libraries.yaml.adapters.in.jobfile;

import org.snakeyaml.engine.v2.api.Dump;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Dump library;
}
