package io.fluxcore.architecture.planted.libraries.mapstruct.adapters.in.rest;

import org.mapstruct.factory.Mappers;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Mappers library;
}
