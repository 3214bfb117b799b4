package io.fluxcore.adapters.out.format;

import io.fluxcore.application.connector.RequiredLibrary;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** How parts are compressed. */
enum Compression {
  NONE,
  GZIP,
  ZSTD;

  static final String AUTO = "auto";

  /** As options write them. */
  static final List<String> NAMES = List.of(AUTO, "none", "gzip", "zstd");

  /**
   * What an option says.
   *
   * @param fileName whose ending decides where the option is {@code auto}
   * @throws io.fluxcore.domain.error.FluxCoreException if it needs a library that is not there
   */
  static Compression of(String option, String fileName) {
    if (!option.equals(AUTO)) {
      return checked(valueOf(option.toUpperCase(Locale.ROOT)));
    }
    if (fileName.endsWith(".gz")) {
      return GZIP;
    }
    return fileName.endsWith(".zst") ? checked(ZSTD) : NONE;
  }

  private static Compression checked(Compression chosen) {
    if (chosen == ZSTD) {
      RequiredLibrary.check(
          "com.github.luben.zstd.ZstdOutputStream",
          "com.github.luben:zstd-jni",
          "compression: zstd");
    }
    return chosen;
  }

  /** A stream that compresses. */
  interface Output {
    OutputStream stream();

    /** Ends what is compressed; what lies below stays open. */
    void finish() throws IOException;
  }

  Output over(OutputStream out) throws IOException {
    return switch (this) {
      case NONE -> new Plain(out);
      case GZIP -> new Gzip(new GZIPOutputStream(out, 64 * 1024));
      case ZSTD -> ZstdOutput.over(out);
    };
  }

  private record Plain(OutputStream stream) implements Output {
    @Override
    public void finish() {}
  }

  private record Gzip(GZIPOutputStream stream) implements Output {
    @Override
    public void finish() throws IOException {
      stream.finish();
    }
  }
}
