package io.fluxcore.architecture.planted.libraries.yaml.adapters.in.jobfile;

import tools.jackson.dataformat.yaml.YAMLMapper;

/** Allowed: a library in its folder. */
final class WellBehaved {
  YAMLMapper library;
}
