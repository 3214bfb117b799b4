package io.fluxcore.infrastructure.embedded.exchange;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import java.util.Arrays;
import java.util.List;

/**
 * Every row to the receiver that owns its key's key group. Per batch: one pass of hashes, one that
 * counts rows a receiver, one that sorts row numbers by receiver (a counting sort, which keeps
 * their order), then a gather by column.
 */
public final class KeyExchange implements Exchange {
  private final int[] keyOrdinals;
  private final int maxParallelism;
  private final List<Lane> lanes;
  private final Lane[] laneOf;
  private final int[] receiverOfGroup;
  private final Column[] keys;
  private final Rows identity = new Rows();
  private final int[] starts;
  private long[] hashes = new long[0];
  private int[] receivers = new int[0];
  private int[] sorted = new int[0];

  public KeyExchange(int[] keyOrdinals, int maxParallelism, List<Lane> lanes) {
    this.keyOrdinals = keyOrdinals.clone();
    this.maxParallelism = maxParallelism;
    this.lanes = List.copyOf(lanes);
    this.laneOf = lanes.toArray(Lane[]::new);
    this.receiverOfGroup = new int[maxParallelism];
    Arrays.setAll(receiverOfGroup, g -> KeyGroups.subtask(g, maxParallelism, lanes.size()));
    this.keys = new Column[keyOrdinals.length];
    this.starts = new int[lanes.size() + 1];
  }

  @Override
  public void send(EventBatch batch, long readNanos, long nowNanos) {
    int[] all = identity.upTo(batch.rowCount());
    if (laneOf.length == 1) {
      laneOf[0].send(batch, all, readNanos, nowNanos);
      return;
    }
    int count = batch.size();
    int[] selection = batch.selection();
    int[] rows = selection == null ? all : selection;
    sortByReceiver(batch, rows, count);
    for (int r = 0; r < laneOf.length; r++) {
      int from = starts[r];
      int size = starts[r + 1] - from;
      if (size == count) {
        laneOf[r].send(batch, all, readNanos, nowNanos);
      } else if (size > 0) {
        laneOf[r].send(batch, sorted, from, size, readNanos, nowNanos);
      }
    }
  }

  /** Leaves the rows of receiver r in {@code sorted[starts[r]..starts[r+1])}. */
  private void sortByReceiver(EventBatch batch, int[] rows, int count) {
    if (hashes.length < count) {
      hashes = new long[count];
      receivers = new int[count];
      sorted = new int[count];
    }
    for (int k = 0; k < keys.length; k++) {
      keys[k] = batch.column(keyOrdinals[k]);
    }
    KeyHash.ofRows(keys, rows, count, hashes);
    Arrays.fill(starts, 0);
    for (int i = 0; i < count; i++) {
      int receiver = receiverOfGroup[KeyGroups.ofHash(hashes[i], maxParallelism)];
      receivers[i] = receiver;
      starts[receiver + 1]++;
    }
    for (int r = 1; r < starts.length; r++) {
      starts[r] += starts[r - 1];
    }
    for (int i = 0; i < count; i++) {
      sorted[starts[receivers[i]]++] = rows[i];
    }
    System.arraycopy(starts, 0, starts, 1, starts.length - 1);
    starts[0] = 0;
  }

  @Override
  public List<Lane> lanes() {
    return lanes;
  }
}
