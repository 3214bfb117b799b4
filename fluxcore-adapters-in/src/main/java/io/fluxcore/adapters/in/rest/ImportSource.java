package io.fluxcore.adapters.in.rest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Where a savepoint is read from; knows afterwards whether it was this side that failed. */
final class ImportSource extends FilterInputStream {
  private @Nullable IOException failure;

  ImportSource(InputStream in) {
    super(in);
  }

  /** Fails if the body did. */
  void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public int read() throws IOException {
    try {
      return in.read();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }
}
