package io.fluxcore.adapters.out.format;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Compresses by Zstandard, whose library is optional: a class of its own, loaded when asked for.
 */
final class ZstdOutput implements Compression.Output {
  private final ZstdOutputStream zstd;

  private ZstdOutput(ZstdOutputStream zstd) {
    this.zstd = zstd;
  }

  /** Over a stream that is not closed by it. */
  static Compression.Output over(OutputStream out) throws IOException {
    return new ZstdOutput(new ZstdOutputStream(new CountedOutput(out)));
  }

  @Override
  public OutputStream stream() {
    return zstd;
  }

  /** Ends the frame; the native memory is given back with it. */
  @Override
  public void finish() throws IOException {
    zstd.close();
  }
}
