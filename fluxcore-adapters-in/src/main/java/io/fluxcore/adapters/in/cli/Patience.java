package io.fluxcore.adapters.in.cli;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether a command waits for something of a server to be over, and how long.
 *
 * @param timeout at most so long; null: as long as it takes
 */
record Patience(boolean wanted, @Nullable Duration timeout) {
  /** The server is asked anew after so long, so that no request waits for ever. */
  private static final Duration GLANCE = Duration.ofSeconds(20);

  /**
   * Waits, if that is wanted.
   *
   * @param seen as it is now
   * @param path where the server tells how it is; takes {@code wait}
   * @param over whether there is nothing to wait for any more
   * @param told each reading that is not over
   * @return as it is then
   */
  JsonNode follow(
      Server server, JsonNode seen, String path, Predicate<JsonNode> over, Consumer<JsonNode> told)
      throws InterruptedException {
    if (!wanted) {
      return seen;
    }
    long start = System.nanoTime();
    JsonNode latest = seen;
    while (!over.test(latest)) {
      Duration next = GLANCE;
      if (timeout != null) {
        Duration left = timeout.minusNanos(System.nanoTime() - start);
        if (left.isNegative() || left.isZero()) {
          return latest;
        }
        next = left.compareTo(GLANCE) < 0 ? left : GLANCE;
      }
      told.accept(latest);
      latest = server.get(path + "?wait=" + Math.max(1, next.toMillis()) + "ms");
    }
    return latest;
  }
}
