package io.fluxcore.architecture.planted.libraries.protobuf.adapters.out.file;

import com.google.protobuf.ByteString;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  ByteString library;
}
