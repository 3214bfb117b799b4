package io.fluxcore.domain.harness;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How rows travel to the subtasks of a stage. */
public final class Exchange {
  /** To the subtask of the sender's number; source partitions are dealt to subtasks in turn. */
  public static final Exchange FORWARD = new Exchange(null);

  private final int @Nullable [] keyOrdinals;

  private Exchange(int @Nullable [] keyOrdinals) {
    this.keyOrdinals = keyOrdinals;
  }

  /**
   * By the key of these fields, to the subtask that owns its key group; all rows to one if none.
   */
  public static Exchange hash(int... keyOrdinals) {
    return new Exchange(keyOrdinals.clone());
  }

  boolean isHash() {
    return keyOrdinals != null;
  }

  int[] keyOrdinals() {
    return keyOrdinals;
  }

  @Override
  public String toString() {
    return keyOrdinals == null ? "forward" : "hash" + Arrays.toString(keyOrdinals);
  }
}
