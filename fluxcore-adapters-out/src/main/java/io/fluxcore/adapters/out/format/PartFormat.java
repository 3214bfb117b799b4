package io.fluxcore.adapters.out.format;

import java.io.IOException;
import java.io.OutputStream;

/**
 * How rows become the bytes of a file or an object, a <em>part</em>: the format and its
 * compression. Thread-safe; what it begins is not.
 */
public interface PartFormat {
  /**
   * Begins a part.
   *
   * @param out where its bytes go; it stays open when the part has ended
   */
  default PartRows begin(OutputStream out) throws IOException {
    return begin(out, true);
  }

  /**
   * Begins a part, or more of one that has ended, where {@link #canBeContinued}.
   *
   * @param atStart whether nothing stands before it
   */
  PartRows begin(OutputStream out, boolean atStart) throws IOException;

  /** Whether the bytes of two parts behind each other are one part. */
  boolean canBeContinued();
}
