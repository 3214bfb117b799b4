package io.fluxcore.domain.time;

import java.util.Arrays;

/**
 * The watermark of a stage with several input channels: the minimum over the active ones. An idle
 * channel steps aside; when no channel is active but some are idle, the stage is idle, and its
 * watermark is the largest of theirs. A channel that has ended, or is at {@link Long#MAX_VALUE},
 * counts no more, so that the end of one input does not close the windows of another that is merely
 * idle; when all have ended, the watermark is the smallest of theirs. The combined watermark never
 * goes back, also when a channel revives behind it. Not thread-safe.
 */
public final class ChannelWatermarks {
  private final long[] watermarks;
  private final Activity[] activities;
  private long combined = Long.MIN_VALUE;
  private boolean idle;

  private enum Activity {
    ACTIVE,
    IDLE,
    ENDED
  }

  public ChannelWatermarks(int channels) {
    watermarks = new long[channels];
    Arrays.fill(watermarks, Long.MIN_VALUE);
    activities = new Activity[channels];
    Arrays.fill(activities, Activity.ACTIVE);
  }

  /** A channel's watermark; one that does not rise is ignored. */
  public void update(int channel, long watermark) {
    if (watermark > watermarks[channel]) {
      watermarks[channel] = watermark;
      combine();
    }
  }

  /** A channel stepped aside. */
  public void idle(int channel) {
    set(channel, Activity.IDLE);
  }

  /** A channel counts again. */
  public void active(int channel) {
    set(channel, Activity.ACTIVE);
  }

  /** A channel has ended, after its last watermark. */
  public void end(int channel) {
    set(channel, Activity.ENDED);
  }

  private void set(int channel, Activity activity) {
    if (activities[channel] != Activity.ENDED) {
      activities[channel] = activity;
      combine();
    }
  }

  private void combine() {
    boolean anyActive = false;
    boolean anyIdle = false;
    long smallestActive = Long.MAX_VALUE;
    long largestIdle = Long.MIN_VALUE;
    long smallest = Long.MAX_VALUE;
    for (int i = 0; i < watermarks.length; i++) {
      long own = watermarks[i];
      smallest = Math.min(smallest, own);
      if (own == Long.MAX_VALUE || activities[i] == Activity.ENDED) {
        continue;
      }
      if (activities[i] == Activity.IDLE) {
        anyIdle = true;
        largestIdle = Math.max(largestIdle, own);
      } else {
        anyActive = true;
        smallestActive = Math.min(smallestActive, own);
      }
    }
    idle = !anyActive && anyIdle;
    long candidate = anyActive ? smallestActive : anyIdle ? largestIdle : smallest;
    combined = Math.max(combined, candidate);
  }

  /** The smallest of some channels' own, idle or not; one that has ended is at the end of time. */
  public long smallestOf(int[] channels) {
    long smallest = Long.MAX_VALUE;
    for (int channel : channels) {
      if (activities[channel] != Activity.ENDED) {
        smallest = Math.min(smallest, watermarks[channel]);
      }
    }
    return smallest;
  }

  /** The combined watermark, {@link Long#MIN_VALUE} before all active channels have one. */
  public long watermark() {
    return combined;
  }

  /** Whether no channel is active and some channel is idle. */
  public boolean isIdle() {
    return idle;
  }
}
