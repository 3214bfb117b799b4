package io.fluxcore.architecture.planted.libraries.protobuf.adapters.out.format;

import com.google.protobuf.ByteString;

/** Allowed: a library in its folder. */
final class WellBehaved {
  ByteString library;
}
