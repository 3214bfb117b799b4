package io.fluxcore.domain.state;

import java.io.IOException;

/**
 * Takes in the keyed state of one subtask while a snapshot is written. Used by one thread. Both
 * methods return when the bytes are taken over; what they came from may then go.
 */
public interface SnapshotTarget {
  /**
   * The payload of a state and key group in the canonical format, at most once for each. The writer
   * is called at once, so a payload need not be held anywhere as a whole. Key groups that hold
   * nothing are left out.
   */
  void keyed(String state, int keyGroup, PayloadWriter payload) throws IOException;

  /**
   * The subtask's state in its backend's own format. Files that are {@link NativeFile#shared} and
   * part of an earlier checkpoint already are not copied again.
   */
  void nativeState(NativeSnapshot state) throws IOException;
}
