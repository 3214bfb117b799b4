package io.fluxcore.adapters.in.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** How the bytes of files are compressed. */
enum Compression {
  AUTO,
  NONE,
  GZIP;

  private static final int BUFFER_BYTES = 64 * 1024;

  static Compression of(String option) {
    return valueOf(option.toUpperCase(Locale.ROOT));
  }

  boolean isGzip(Path file) {
    return this == GZIP || (this == AUTO && file.toString().endsWith(".gz"));
  }

  /** The uncompressed bytes. */
  InputStream open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    if (!isGzip(file)) {
      return in;
    }
    try {
      return new GZIPInputStream(in, BUFFER_BYTES);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }
}
