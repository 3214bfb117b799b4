package io.fluxcore.architecture.planted.libraries.avro.adapters.in.format;

import org.apache.avro.Schema;

/** Allowed: a library in its folder. */
final class WellBehaved {
  Schema library;
}
