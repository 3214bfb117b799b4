package io.fluxcore.domain.state;

import java.io.IOException;
import java.io.Serial;

/**
 * What keeps snapshots does not answer, or refuses whoever asks: the snapshot may be whole, and is
 * asked for again. Any other {@link IOException} while a snapshot is read says that it is damaged
 * or gone, so that an older one has to serve.
 */
public class StoreUnavailable extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * A failure.
   *
   * @param message what is wrong with the store, and what would help
   */
  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether an error of reading is one of these, or comes from one. */
  public static boolean isCauseOf(IOException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof StoreUnavailable) {
        return true;
      }
    }
    return false;
  }
}
