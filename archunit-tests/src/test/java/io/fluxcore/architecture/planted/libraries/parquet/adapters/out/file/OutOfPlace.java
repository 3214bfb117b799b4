package io.fluxcore.architecture.planted.libraries.parquet.adapters.out.file;

import org.apache.parquet.schema.MessageType;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  MessageType library;
}
