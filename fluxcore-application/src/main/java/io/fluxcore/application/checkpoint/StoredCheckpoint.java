package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.state.Payload;
import java.io.IOException;
import java.util.List;

/**
 * A complete checkpoint in a store. Thread-safe. Payloads are read when they are asked for, and are
 * not checked by the store beyond their size.
 */
public interface StoredCheckpoint {
  CheckpointLocation location();

  /**
   * The manifest's bytes.
   *
   * @param limit number of bytes that are still believable
   * @throws IOException also if it is larger than that
   */
  byte[] manifest(int limit) throws IOException;

  /** Names of the parts, in order. */
  List<String> parts() throws IOException;

  /**
   * A whole part.
   *
   * @throws java.io.FileNotFoundException if there is none of this name
   */
  Payload part(String name) throws IOException;

  /**
   * A piece of a part, which is looked at no further before it is read.
   *
   * @param offset of the first byte
   * @param length number of bytes; reading ends with an {@link java.io.EOFException} if the part
   *     does not hold as many
   */
  Payload part(String name, long offset, long length);

  /**
   * A shared file that this checkpoint refers to.
   *
   * @throws java.io.FileNotFoundException if there is none of this name
   */
  Payload shared(String name) throws IOException;
}
