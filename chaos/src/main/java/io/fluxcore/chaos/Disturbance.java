package io.fluxcore.chaos;

import java.io.IOException;

/** Something that happens to a server at work. */
@FunctionalInterface
interface Disturbance {
  /**
   * Happens once.
   *
   * @return false if the job was over before it could
   */
  boolean happenTo(Trial trial) throws IOException, InterruptedException;
}
