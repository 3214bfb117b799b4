package io.fluxcore.adapters.out.file;

import io.fluxcore.adapters.out.format.RowBuffer;
import io.fluxcore.adapters.out.format.RowEncoder;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.operator.RecordFailures;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Rows on their way into a temporary file, which is opened by the first one. Not thread-safe. */
final class RowFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 * 1024;

  private final RowEncoder encoder;
  private final boolean gzip;
  private final RowBuffer buffer = new RowBuffer();
  private @Nullable Path path;
  private @Nullable FileOutputStream file;
  private @Nullable OutputStream out;

  RowFile(RowEncoder encoder, boolean gzip) {
    this.encoder = encoder;
    this.gzip = gzip;
  }

  boolean isOpen() {
    return out != null;
  }

  /** Begins a file, unless one is open. */
  void open(Path newPath, boolean header) throws IOException {
    if (out != null) {
      return;
    }
    path = newPath;
    FileOutputStream opened = new FileOutputStream(newPath.toFile());
    file = opened;
    out = gzip ? new GZIPOutputStream(opened, 64 * 1024) : opened;
    buffer.reset();
    if (header) {
      encoder.encodeHeader(buffer);
    }
  }

  void write(EventBatch batch, RecordFailures failures) throws IOException {
    encoder.encode(batch, failures, buffer);
    if (buffer.size() >= BUFFER_BYTES) {
      drain();
    }
  }

  private void drain() throws IOException {
    if (out != null) {
      buffer.writeTo(out);
      buffer.reset();
    }
  }

  /** Ends the file; its bytes are on the disk. */
  void finish() throws IOException {
    OutputStream ending = out;
    FileOutputStream ended = file;
    if (ending == null || ended == null) {
      return;
    }
    drain();
    if (ending instanceof GZIPOutputStream compressed) {
      compressed.finish();
    }
    ended.getFD().sync();
    out = null;
    file = null;
    ended.close();
  }

  /** Gives an open file up, and removes it. */
  @Override
  public void close() throws IOException {
    FileOutputStream abandoned = file;
    Path removed = path;
    out = null;
    file = null;
    if (abandoned != null && removed != null) {
      try {
        abandoned.close();
      } finally {
        Files.deleteIfExists(removed);
      }
    }
  }
}
