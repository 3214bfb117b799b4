package io.fluxcore.adapters.out.parts;

import io.fluxcore.adapters.out.format.PartFormat;
import io.fluxcore.adapters.out.format.RowTemplate;
import org.jspecify.annotations.Nullable;

/**
 * How rows are written in parts. Thread-safe.
 *
 * @param format of each part
 * @param partitionBy the directory of a row; null: there are none
 * @param rollBytes a part ends when it has so many, about; 0: whatever it has
 * @param rollNanos a part ends when it is so old; 0: however old
 * @param maxOpenParts how many are open from one batch to the next
 */
public record PartSettings(
    PartFormat format,
    @Nullable RowTemplate partitionBy,
    long rollBytes,
    long rollNanos,
    int maxOpenParts) {

  /** Whether a writer may have several parts between two checkpoints. */
  public boolean isRolled() {
    return partitionBy != null || rollBytes > 0 || rollNanos > 0;
  }
}
