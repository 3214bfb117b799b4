package io.fluxcore.architecture.planted.libraries.jsonschema.adapters.in.cli;

import com.networknt.schema.Schema;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Schema library;
}
