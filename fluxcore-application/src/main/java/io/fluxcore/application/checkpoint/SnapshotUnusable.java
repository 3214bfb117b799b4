package io.fluxcore.application.checkpoint;

import java.io.IOException;
import java.io.Serial;

/** A stored snapshot that must not be restored; the message says what is wrong with it. */
public final class SnapshotUnusable extends IOException {
  @Serial private static final long serialVersionUID = 1;

  SnapshotUnusable(String why) {
    super(why);
  }
}
