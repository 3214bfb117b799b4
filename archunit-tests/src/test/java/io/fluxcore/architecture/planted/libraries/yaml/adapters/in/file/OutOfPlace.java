package io.fluxcore.architecture.planted.libraries.yaml.adapters.in.file;

import tools.jackson.dataformat.yaml.YAMLMapper;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  YAMLMapper library;
}
