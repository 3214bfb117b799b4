package io.fluxcore.adapters.out.sse;

import io.fluxcore.adapters.out.push.PushOptions;
import java.time.Duration;

/**
 * Where and to whom events are told.
 *
 * @param heartbeat how often a silent stream says that it lives
 */
record SseOptions(PushOptions push, Duration heartbeat) {
  @Override
  public String toString() {
    return push.toString();
  }
}
