package io.fluxcore.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A kind of disturbance that is run by itself. */
public enum Scenario {
  /** Killed at random moments, also while it starts. */
  RANDOM(1, Place.ANYWHERE),
  /** Killed while a snapshot is written. */
  SNAPSHOT(5, Place.ANYWHERE),
  /** Killed after the manifest of a checkpoint is there, before or while its sinks commit. */
  COMMIT(5, Place.ANYWHERE),
  /** Killed while it restores after a kill. */
  RESTORE(5, Place.ANYWHERE),
  /** Killed while the job comes to its end. */
  END(5, Place.ANYWHERE),
  /** Stopped by SIGSTOP for some seconds, and woken. */
  PAUSE(10, Place.ANYWHERE),
  /** The disk of the data directory is full for some seconds. */
  FULL_DISK(10, Place.SMALL_DISK),
  /** The checkpoint store cannot be written to for some seconds. */
  READ_ONLY(10, Place.OWN_STORE);

  /** Where the data directory is. */
  enum Place {
    ANYWHERE,
    /** On a small file system of its own. */
    SMALL_DISK,
    /** Anywhere, with the checkpoints on a file system of their own. */
    OWN_STORE
  }

  private final int share;
  private final Place place;

  Scenario(int share, Place place) {
    this.share = share;
    this.place = place;
  }

  /** What it is called on the command line. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(Scenario::label).toList();
  }

  Place place() {
    return place;
  }

  /** How many disturbances it has of so many kills. */
  int times(int kills) {
    return Math.max(1, kills / share);
  }

  Disturbance disturbance() {
    return switch (this) {
      case RANDOM -> Disturbances::randomKill;
      case SNAPSHOT -> Disturbances::killInSnapshot;
      case COMMIT -> Disturbances::killInCommit;
      case RESTORE -> Disturbances::killInRestore;
      case END -> Disturbances::killAtTheEnd;
      case PAUSE -> Disturbances::pause;
      case FULL_DISK -> Disturbances::fillDisk;
      case READ_ONLY -> Disturbances::makeReadOnly;
    };
  }
}
