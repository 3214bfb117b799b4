package io.fluxcore.adapters.out.parts;

import io.fluxcore.application.connector.Sink.CommitHandle;
import io.fluxcore.domain.error.FluxCoreException;
import java.io.IOException;

/** Where the parts of one writer are kept. Used by one thread. */
public interface PartStore extends AutoCloseable {
  /** Begins a part; asks nothing of an outside that may not answer. */
  OpenPart begin(PartName name) throws IOException;

  /** Makes a part visible at once; used where there are no checkpoints. */
  void commit(CommitHandle handle) throws IOException;

  /**
   * Whether a writer that has no row before the end of its input leaves a part without rows, where
   * there was no checkpoint and parts are not {@link PartSettings#isRolled rolled}.
   */
  boolean keepsEmptyPart();

  /**
   * An error for users; a {@link io.fluxcore.application.connector.TransientSinkException} where
   * the outside did not answer, and the call may be made again.
   *
   * @param kept what became of the rows so far
   */
  FluxCoreException error(IOException failure, String kept);

  /** The writer has ended. */
  @Override
  void close();
}
