package io.fluxcore.adapters.out.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Encoded bytes on their way out; a row that cannot be encoded is taken back. Not thread-safe. */
public final class RowBuffer extends ByteArrayOutputStream {
  public RowBuffer() {
    super(64 * 1024);
  }

  /** Takes back what follows the first {@code length} bytes. */
  void truncate(int length) {
    count = Math.min(count, length);
  }

  /** Adds a text as UTF-8. */
  public void append(String text) {
    writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
