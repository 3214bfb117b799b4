package io.fluxcore.application.publish;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Named streams of this process that events are published into from outside. Thread-safe. */
public interface PublishStreams {
  /** Names of the streams that running jobs read now, sorted. */
  List<String> names();

  /**
   * Whether who shows this may publish into a stream. Asked by those who let others publish from
   * outside, before they read what is sent; a refusal is counted. Code of this process is not
   * asked.
   *
   * @param authorization the header {@code Authorization} of HTTP; null: nothing is shown
   */
  default boolean admits(String stream, @Nullable String authorization) {
    return true;
  }

  /** What is to be shown, as the header {@code WWW-Authenticate} says it; empty: nothing. */
  default List<String> challenges(String stream) {
    return List.of();
  }

  /** How many requests {@link #admits} has refused since the stream was opened. */
  default long refused(String stream) {
    return 0;
  }

  /**
   * Hands events over, all that are not rejected or none. Blocks at most as long as a spool's fsync
   * takes.
   *
   * @param stream its name
   * @param events each one JSON object as UTF-8; a malformed one is rejected, the others are taken
   * @throws PublishRefused if the stream has no room now, or its job is just being restarted
   * @throws io.fluxcore.domain.error.FluxCoreException if there is no such stream ({@code
   *     FLX-PUBLISH-0001}, NOT_FOUND, with the nearest name), the events are more than it ever has
   *     room for ({@code FLX-PUBLISH-0003}), or its spool is broken
   */
  PublishResult publish(String stream, List<byte[]> events);
}
