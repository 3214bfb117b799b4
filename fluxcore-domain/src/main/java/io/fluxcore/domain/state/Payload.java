package io.fluxcore.domain.state;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Bytes of a snapshot, wherever they lie: on the heap, or in a file or an object store, from which
 * they are read as they are needed. So a snapshot may be far larger than the heap. Immutable and
 * thread-safe; readable until the snapshot that it belongs to is deleted.
 */
public interface Payload {
  /** Number of bytes. */
  long size();

  /**
   * A new stream over the bytes, from the first; whoever opens it closes it. A payload that was
   * stored is checked as it is read: bytes that are damaged or missing are never handed out, an
   * {@link IOException} that says what is wrong comes in their place, or, where a whole file has
   * one checksum, in place of its last bytes. So what was read counts when all of it was.
   */
  InputStream open() throws IOException;

  /**
   * The absolute path of a file of this machine that holds these bytes and nothing else, and will
   * not change, so that it may be linked to instead of copied. It has not been checked: see {@link
   * #verify}.
   */
  default Optional<String> localFile() {
    return Optional.empty();
  }

  /**
   * Reads everything once.
   *
   * @throws IOException if the bytes are damaged or missing
   */
  default void verify() throws IOException {
    try (InputStream in = open()) {
      long read = in.transferTo(java.io.OutputStream.nullOutputStream());
      if (read != size()) {
        throw new EOFException("it holds " + read + " bytes, not " + size());
      }
    }
  }

  /** All bytes; for payloads that are known to be small. */
  default byte[] bytes() throws IOException {
    long size = size();
    if (size > Integer.MAX_VALUE - 16) {
      throw new IOException(size + " bytes do not fit into an array");
    }
    try (InputStream in = open()) {
      byte[] bytes = in.readNBytes((int) size);
      if (bytes.length != size) {
        throw new EOFException("it holds " + bytes.length + " bytes, not " + size);
      }
      return bytes;
    }
  }

  /** These bytes, which must not change any more. */
  static Payload of(byte[] bytes) {
    return new HeapPayload(bytes, bytes.length);
  }
}
