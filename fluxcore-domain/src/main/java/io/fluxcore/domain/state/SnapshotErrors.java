package io.fluxcore.domain.state;

import io.fluxcore.domain.error.Diagnostic;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.IOException;
import java.util.List;

/** What is thrown when state cannot be restored from a snapshot. */
public final class SnapshotErrors {
  /** The snapshot is damaged or gone: another has to serve. */
  public static final String DAMAGED = "FLX-STATE-0001";

  /** The store of the snapshot does not answer now. */
  public static final String UNAVAILABLE = "FLX-STATE-0005";

  private SnapshotErrors() {}

  /**
   * Of an error of reading.
   *
   * @param place the operator, and what of it
   */
  public static FluxCoreException of(String place, IOException error) {
    if (!StoreUnavailable.isCauseOf(error)) {
      return damaged(place, String.valueOf(error.getMessage()), error);
    }
    Diagnostic diagnostic =
        Diagnostic.error(
            UNAVAILABLE,
            Place.of(place),
            "the snapshot cannot be read now: " + error.getMessage(),
            "look after its store; the snapshot itself may be whole");
    return new FluxCoreException(ErrorCategory.EXTERNAL, List.of(diagnostic), error);
  }

  /** Of what was read and cannot be right. */
  static FluxCoreException damaged(String place, String why) {
    return new FluxCoreException(ErrorCategory.EXTERNAL, damage(place, why));
  }

  private static FluxCoreException damaged(String place, String why, IOException cause) {
    return new FluxCoreException(ErrorCategory.EXTERNAL, List.of(damage(place, why)), cause);
  }

  private static Diagnostic damage(String place, String why) {
    return Diagnostic.error(
        DAMAGED,
        Place.of(place),
        "the snapshot cannot be used: " + why,
        "restore from another checkpoint or savepoint");
  }
}
