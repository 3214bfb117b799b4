package io.fluxcore.boot.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What this process calls itself towards the job store: different in each life.
 *
 * @param given the same in all lives; null where each life stands for itself
 * @param life of this life
 */
record ServerName(@Nullable String given, String life) {
  static ServerName of(@Nullable String given) {
    String life = UUID.randomUUID().toString().substring(0, 8);
    return new ServerName(given, (given == null ? host() : given) + separator() + life);
  }

  private static String separator() {
    return "#";
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName() + "-" + ProcessHandle.current().pid();
    } catch (UnknownHostException e) {
      return "process-" + ProcessHandle.current().pid();
    }
  }

  /** How names of this server's earlier lives begin. */
  Optional<String> earlierLives() {
    return given == null ? Optional.empty() : Optional.of(given + separator());
  }
}
