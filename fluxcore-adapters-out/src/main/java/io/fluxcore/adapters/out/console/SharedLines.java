package io.fluxcore.adapters.out.console;

import io.fluxcore.adapters.out.format.RowBuffer;
import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A stream that several writers give whole lines to. Thread-safe. */
final class SharedLines {
  private final OutputStream out;
  private boolean started;

  SharedLines(OutputStream out) {
    this.out = out;
  }

  /** Writes the header, unless another writer has, and the rows. */
  synchronized void write(RowBuffer header, RowBuffer rows) {
    try {
      if (!started) {
        header.writeTo(out);
        started = true;
      }
      rows.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new FluxCoreException(
          ErrorCategory.EXTERNAL,
          List.of(
              Diagnostic.error(
                  "FLX-CONSOLE-0001",
                  Place.WHOLE,
                  "standard output does not take rows any more: " + e.getMessage(),
                  "keep the reading end of the pipe open, or write to a file")),
          e);
    }
  }
}
