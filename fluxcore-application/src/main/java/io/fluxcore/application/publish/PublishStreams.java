package io.fluxcore.application.publish;

import java.util.List;

/** Named streams of this process that events are published into from outside. Thread-safe. */
public interface PublishStreams {
  /** Names of the streams that running jobs read now, sorted. */
  List<String> names();

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
