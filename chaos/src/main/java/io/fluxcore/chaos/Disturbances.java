package io.fluxcore.chaos;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** All that happens to servers here. */
final class Disturbances {
  private static final Duration LIFE = Duration.ofMillis(2_500);
  private static final Duration MEANWHILE = Duration.ofMillis(1_200);
  private static final Duration WRITING = Duration.ofMillis(15);
  private static final Duration COMMITTING = Duration.ofMillis(4);
  private static final Duration ENDING = Duration.ofMillis(60);
  private static final Duration RESTORING = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(13);
  private static final Duration LONGEST_TROUBLE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_STEPS = Duration.ofMillis(100);
  private static final int KILLED_WHILE_STARTING = 4;
  private static final int KILLED_IN_TROUBLE = 3;
  private static final int KILLED_AGAIN = 3;

  private Disturbances() {}

  static boolean randomKill(Trial trial) throws IOException, InterruptedException {
    Duration recovery = trial.tally().lastRecovery();
    if (!trial.hasRun() && !recovery.isZero() && trial.oneIn(KILLED_WHILE_STARTING)) {
      trial.pause(left(trial, trial.upTo(recovery.plus(RESTORING))));
    } else {
      trial.awaitRunning();
      if (!trial.pause(trial.upTo(LIFE))) {
        return false;
      }
    }
    trial.server().kill();
    return true;
  }

  /** What is left of a time since the start of the server. */
  private static Duration left(Trial trial, Duration sinceStart) {
    Duration left = sinceStart.minusNanos(System.nanoTime() - trial.server().startedNanos());
    return left.isNegative() ? Duration.ZERO : left;
  }

  static boolean killInSnapshot(Trial trial) throws IOException, InterruptedException {
    trial.awaitRunning();
    if (!trial.pause(trial.upTo(MEANWHILE))
        || !trial.lieInWait(trial.files()::hasUnfinished)
        || !trial.pause(trial.upTo(WRITING))) {
      return false;
    }
    trial.server().kill();
    return true;
  }

  static boolean killInCommit(Trial trial) throws IOException, InterruptedException {
    trial.awaitRunning();
    if (!trial.pause(trial.upTo(MEANWHILE))) {
      return false;
    }
    long newest = trial.files().newest();
    if (!trial.lieInWait(() -> trial.files().newest() > newest)
        || !trial.pause(trial.upTo(COMMITTING))) {
      return false;
    }
    trial.server().kill();
    return true;
  }

  /** The one before has killed it; where it has run, it is killed first. */
  static boolean killInRestore(Trial trial) throws IOException, InterruptedException {
    Duration recovery = trial.tally().lastRecovery();
    if (trial.hasRun() || recovery.isZero()) {
      return randomKill(trial);
    }
    Duration early = trial.upTo(RESTORING);
    trial.pause(left(trial, recovery.compareTo(early) > 0 ? recovery.minus(early) : recovery));
    if (trial.isOver()) {
      return false;
    }
    trial.server().kill();
    return true;
  }

  /** When all is read and the last windows give their results; of some jobs more than once. */
  static boolean killAtTheEnd(Trial trial) throws IOException, InterruptedException {
    trial.awaitRunning();
    if (trial.isReadOnce() && !trial.oneIn(KILLED_AGAIN)) {
      return trial.lieInWait(() -> false);
    }
    if (!trial.lieInWaitForTheEnd()) {
      return false;
    }
    trial.pause(trial.upTo(ENDING));
    trial.server().kill();
    return true;
  }

  static boolean pause(Trial trial) throws IOException, InterruptedException {
    trial.awaitRunning();
    if (!trial.pause(trial.upTo(MEANWHILE))) {
      return false;
    }
    Server server = trial.server();
    server.signal("STOP");
    try {
      sleep(trial.upTo(LONGEST_PAUSE));
    } finally {
      server.signal("CONT");
    }
    return afterTrouble(trial);
  }

  static boolean fillDisk(Trial trial) throws IOException, InterruptedException {
    trial.awaitRunning();
    if (!trial.pause(trial.upTo(MEANWHILE))) {
      return false;
    }
    SmallDisk disk = trial.disk();
    disk.fill();
    try {
      trouble(trial, disk::fill);
    } finally {
      disk.free();
    }
    return afterTrouble(trial);
  }

  static boolean makeReadOnly(Trial trial) throws IOException, InterruptedException {
    trial.awaitRunning();
    if (!trial.pause(trial.upTo(MEANWHILE))) {
      return false;
    }
    SmallDisk disk = trial.disk();
    disk.readOnly();
    try {
      trouble(trial, () -> {});
    } finally {
      disk.writable();
    }
    return afterTrouble(trial);
  }

  /** What keeps the trouble up. */
  private interface Step {
    void run() throws IOException;
  }

  /** A while in which nothing can be written; now and then the server is killed in it too. */
  private static void trouble(Trial trial, Step again) throws IOException, InterruptedException {
    endure(trial, again);
    if (trial.oneIn(KILLED_IN_TROUBLE)) {
      trial.server().kill();
      trial.startAgain();
      endure(trial, again);
    }
  }

  private static void endure(Trial trial, Step again) throws IOException, InterruptedException {
    long until = System.nanoTime() + trial.upTo(LONGEST_TROUBLE).toNanos();
    while (System.nanoTime() < until && trial.pause(BETWEEN_STEPS)) {
      again.run();
    }
  }

  /** A server that ended in trouble is started again; then the job must go on. */
  private static boolean afterTrouble(Trial trial) throws IOException, InterruptedException {
    if (!trial.server().isAlive()) {
      trial.startAgain();
    }
    trial.awaitCheckpoint(Instant.now());
    trial.tally().disturbed();
    return true;
  }

  private static void sleep(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}
