package io.fluxcore.architecture.planted.libraries.parquet.adapters.out.format;

import org.apache.parquet.schema.MessageType;

/** Allowed: a library in its folder. */
final class WellBehaved {
  MessageType library;
}
