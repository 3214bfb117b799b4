package io.fluxcore.application.checkpoint;

import io.fluxcore.domain.state.Payload;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes one checkpoint. Parts and shared files may be written by several threads at a time, each
 * its own; {@link #complete} and {@link #close} come after all of them.
 */
public interface CheckpointWriter extends AutoCloseable {
  /**
   * A new part. It counts when its stream was closed without an error.
   *
   * @param name of lower-case letters, digits, {@code . -}, not beginning with a dot
   * @throws IOException also if there is a part of this name
   */
  OutputStream part(String name) throws IOException;

  /**
   * Adds a file that later checkpoints of the job may refer to, and refers to it. A file of this
   * name that is there already, complete or not, is replaced: it holds the same bytes or is left
   * over from a checkpoint that never became complete.
   *
   * @param name unique within the job for all time, as a {@link
   *     io.fluxcore.domain.state.NativeFile} says
   * @param content where {@link Payload#localFile} is on the same file system, a store may link to
   *     it instead of copying
   */
  void share(String name, Payload content) throws IOException;

  /**
   * Refers to a file that an earlier complete checkpoint of the job refers to.
   *
   * @throws FileNotFoundException if there is none of this name
   */
  void reuse(String name) throws IOException;

  /** Makes everything durable, then writes the manifest, with which the checkpoint is there. */
  void complete(byte[] manifest) throws IOException;

  /**
   * Ends the writing. Without {@link #complete} before, everything that was written is removed as
   * far as that is possible; failures of that are left to {@link CheckpointStore#sweep}.
   */
  @Override
  void close();
}
