package io.fluxcore.adapters.in.rest;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Where a savepoint is written to; knows afterwards whether it was this side that failed. */
final class ExportTarget extends FilterOutputStream {
  private boolean failed;

  ExportTarget(OutputStream out) {
    super(out);
  }

  /** Whether the client took no more. */
  boolean failed() {
    return failed;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }
}
