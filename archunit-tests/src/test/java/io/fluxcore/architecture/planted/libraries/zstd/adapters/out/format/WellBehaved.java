package io.fluxcore.architecture.planted.libraries.zstd.adapters.out.format;

import com.github.luben.zstd.ZstdOutputStream;

/** Allowed: a library in its folder. */
final class WellBehaved {
  ZstdOutputStream library;
}
