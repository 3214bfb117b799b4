package io.fluxcore.application.publish;

import java.util.List;

/** What became of events. */
public record PublishResult(int accepted, List<Rejection> rejected, boolean durable) {
  /** An event that was not taken. */
  public record Rejection(int index, String code, String message) {}
}
