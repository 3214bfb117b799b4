package io.fluxcore.adapters.in.socket;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** The end of connections that nobody waits for. */
final class Closing {
  /** How long records that were read may take to be taken. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final System.Logger LOG = System.getLogger(Closing.class.getName());

  private Closing() {}

  static void quietly(Closeable open) {
    try {
      open.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection was broken already", e);
    }
  }
}
