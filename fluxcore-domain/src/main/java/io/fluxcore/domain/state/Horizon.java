package io.fluxcore.domain.state;

import io.fluxcore.domain.key.KeyGroupRange;
import java.nio.ByteBuffer;

/** The watermark that each key group has seen, in snapshots: what was late stays late. */
public final class Horizon {
  private static final String STATE = "horizon";

  private Horizon() {}

  /** Writes the watermark that all key groups of a subtask have seen. */
  public static void write(
      OperatorSnapshot.Builder snapshot, KeyGroupRange groups, long watermark) {
    byte[] horizon = ByteBuffer.allocate(Long.BYTES).putLong(watermark).array();
    for (int group = groups.first(); group <= groups.last(); group++) {
      snapshot.keyed(STATE, group, horizon);
    }
  }

  /** The watermark of these key groups; {@link Long#MIN_VALUE} where there is none. */
  public static long read(OperatorSnapshot snapshot, KeyGroupRange groups) {
    long horizon = Long.MAX_VALUE;
    boolean found = false;
    for (int group = groups.first(); group <= groups.last(); group++) {
      byte[] payload = snapshot.keyedBytes(STATE, group);
      if (payload != null) {
        // barriers are aligned, so the groups of one checkpoint have seen the same watermark
        horizon = Math.min(horizon, ByteBuffer.wrap(payload).getLong());
        found = true;
      }
    }
    return found ? horizon : Long.MIN_VALUE;
  }
}
