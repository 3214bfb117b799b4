package io.fluxcore.application.publish;

import java.util.List;

/**
 * What became of published events.
 *
 * @param accepted how many were taken
 * @param rejected the others, by index
 * @param durable whether those taken are on the disk and outlive a crash of this process
 */
public record PublishResult(int accepted, List<Rejection> rejected, boolean durable) {
  /**
   * An event that was not taken, and never will be.
   *
   * @param index in the list that was published, from 0
   */
  public record Rejection(int index, String code, String message) {}

  public PublishResult {
    rejected = List.copyOf(rejected);
  }
}
