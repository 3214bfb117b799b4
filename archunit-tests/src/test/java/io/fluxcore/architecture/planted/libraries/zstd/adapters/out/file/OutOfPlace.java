package io.fluxcore.architecture.planted.libraries.zstd.adapters.out.file;

import com.github.luben.zstd.ZstdOutputStream;

/** Planted: a library outside its folder. */
final class OutOfPlace {
  ZstdOutputStream library;
}
