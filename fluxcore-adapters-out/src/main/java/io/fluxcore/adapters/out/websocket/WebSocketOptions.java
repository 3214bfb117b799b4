package io.fluxcore.adapters.out.websocket;

import io.fluxcore.adapters.out.push.PushOptions;
import java.time.Duration;

/**
 * Where and to whom messages go.
 *
 * @param isText whether messages are texts, or else bytes
 * @param pingInterval how often clients are asked whether they live; zero: never
 */
record WebSocketOptions(PushOptions push, boolean isText, Duration pingInterval) {
  @Override
  public String toString() {
    return push.toString();
  }
}
