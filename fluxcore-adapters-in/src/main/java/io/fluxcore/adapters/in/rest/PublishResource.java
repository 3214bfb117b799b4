package io.fluxcore.adapters.in.rest;

import java.util.List;

/**
 * What became of published events.
 *
 * @param processed events that were accepted or rejected; after a problem the rest, from this index
 *     on, can be sent again
 * @param rejectedCount all that were rejected
 * @param rejected the first of them, at most {@value #MAX_REJECTIONS}
 * @param durable whether the accepted ones survive a crash of the server
 */
record PublishResource(
    String stream,
    int processed,
    int accepted,
    int rejectedCount,
    List<RejectedEvent> rejected,
    boolean durable) {
  static final int MAX_REJECTIONS = 1_000;

  /**
   * An event that was not taken.
   *
   * @param index its place in the body, from 0
   */
  record RejectedEvent(int index, String code, String error) {}
}
