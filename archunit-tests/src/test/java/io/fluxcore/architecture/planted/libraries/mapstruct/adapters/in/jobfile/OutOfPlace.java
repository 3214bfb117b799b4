package io.fluxcore.architecture.planted.libraries.mapstruct.adapters.in.jobfile;

import org.mapstruct.factory.Mappers;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Mappers library;
}
