package io.fluxcore.domain.state;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;

/** A payload in the first bytes of an array. */
final class HeapPayload implements Payload {
  private final byte[] bytes;
  private final int size;

  HeapPayload(byte[] bytes, int size) {
    this.bytes = bytes;
    this.size = size;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes, 0, size);
  }

  @Override
  public byte[] bytes() {
    return Arrays.copyOf(bytes, size);
  }
}
