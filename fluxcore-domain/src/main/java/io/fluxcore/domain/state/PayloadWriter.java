package io.fluxcore.domain.state;

import java.io.IOException;
import java.io.OutputStream;

/** Writes the bytes of one payload. */
@FunctionalInterface
public interface PayloadWriter {
  /** Writes the bytes to a stream, which it does not close. */
  void write(OutputStream out) throws IOException;
}
