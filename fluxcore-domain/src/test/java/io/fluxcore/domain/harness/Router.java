package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.EventBatch;
import io.fluxcore.domain.key.KeyGroups;
import io.fluxcore.domain.key.KeyHash;
import java.util.List;
import java.util.Random;

/** The sending side of an exchange: a channel to each subtask, or to one. */
final class Router {
  private final Exchange exchange;
  private final int maxParallelism;
  private final List<Channel> channels;
  private final Random random;

  Router(Exchange exchange, int maxParallelism, List<Channel> channels, Random random) {
    this.exchange = exchange;
    this.maxParallelism = maxParallelism;
    this.channels = channels;
    this.random = random;
  }

  void send(EventBatch batch) {
    if (batch.isEmpty()) {
      return;
    }
    int[] rows = new int[batch.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = batch.row(i);
    }
    if (!exchange.isHash()) {
      EventBatch kept = batch.isBorrowed() ? batch.gather(rows, rows.length) : batch;
      channels.get(0).items.add(new Channel.Batch(kept));
      return;
    }
    int[] ordinals = exchange.keyOrdinals();
    Column[] keys = new Column[ordinals.length];
    for (int k = 0; k < keys.length; k++) {
      keys[k] = batch.column(ordinals[k]);
    }
    long[] hashes = new long[rows.length];
    KeyHash.ofRows(keys, rows, rows.length, hashes);
    for (int subtask = 0; subtask < channels.size(); subtask++) {
      sendTo(subtask, batch, rows, hashes);
    }
  }

  private void sendTo(int subtask, EventBatch batch, int[] rows, long[] hashes) {
    int[] own = new int[rows.length];
    int count = 0;
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int i = 0; i < rows.length; i++) {
      int group = KeyGroups.ofHash(hashes[i], maxParallelism);
      if (KeyGroups.subtask(group, maxParallelism, channels.size()) == subtask) {
        own[count++] = rows[i];
        min = Math.min(min, group);
        max = Math.max(max, group);
      }
    }
    if (count > 0) {
      EventBatch part =
          batch.isBorrowed() || random.nextBoolean()
              ? batch.gather(own, count)
              : batch.withSelection(own, count);
      channels.get(subtask).items.add(new Channel.Batch(part.withKeyGroups(min, max)));
    }
  }

  void sendAll(Channel.Item item) {
    channels.forEach(channel -> channel.items.add(item));
  }
}
