package io.fluxcore.architecture.planted.libraries.avro.adapters.in.file;

import org.apache.avro.Schema;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  Schema library;
}
