package io.fluxcore.adapters.out.parts;

import io.fluxcore.application.connector.Sink.CommitHandle;
import java.io.IOException;
import java.io.OutputStream;

/** A part that nobody sees yet. Used by one thread. */
public interface OpenPart {
  /** Takes its bytes. */
  OutputStream out();

  /**
   * Makes room for more bytes, which may have to wait for the outside. Where it fails, nothing of
   * what was written is lost, and it may be called again.
   */
  void makeRoom() throws IOException;

  /**
   * No bytes will come any more: those there are lie outside, durable, when it returns. Where it
   * fails it may be called again.
   */
  void finish() throws IOException;

  /**
   * What is to be committed. Called when the part is finished, and the checkpoint known that it
   * belongs to; it stays outside from then on.
   *
   * @param isOnly whether its writer has made no other part and never will
   */
  CommitHandle prepare(long checkpointId, boolean isOnly) throws IOException;

  /** Takes back what has not been prepared. Without effect when called again. */
  void discard() throws IOException;
}
