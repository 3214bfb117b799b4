package io.fluxcore.application.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A program that runs, whoever runs it. */
interface Running {
  /**
   * Where programs run that come from packages of the system: {@code testcontainers} in containers
   * of Docker, and else as processes.
   */
  boolean IN_CONTAINERS = "testcontainers".equals(System.getenv("FLUXCORE_TEST_SERVERS"));

  /**
   * Starts one.
   *
   * @param name of the server
   * @param command with environment and working directory
   * @param directory where all its files are
   * @param log takes what it prints, after what is in it
   */
  static Running start(String name, ProcessBuilder command, Path directory, Path log)
      throws IOException {
    return IN_CONTAINERS && RunningContainer.hasImage(name)
        ? new RunningContainer(name, command, directory, log)
        : new RunningProcess(command, log);
  }

  boolean isAlive();

  /** Of one that has ended. */
  int exitCode();

  /** Waits for its end, but not longer. */
  void await(Duration most) throws InterruptedException;

  /** Ends it and all that it has started, as {@code kill -9} does, and waits. */
  void kill();

  /** Asks it to end. */
  void askToEnd();

  /** Stops it, until {@link #resume}; when this returns, none of it goes on. */
  void pause();

  void resume();
}
