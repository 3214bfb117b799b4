package io.fluxcore.benchmarks.peer;

import io.fluxcore.benchmarks.GeneratedColumns;
import io.fluxcore.benchmarks.Queries;
import io.fluxcore.benchmarks.RowGenerator;
import io.fluxcore.domain.key.KeyHash;
import peers.core.Event.Bid;
import peers.core.Gen;
import peers.core.Meter;

/**
 * Bids alone, whose auction is {@code mix(index) mod 100,000,000}: the state of one window is far
 * larger than memory, and no key is worth keeping near. Times are those of the other streams.
 */
public final class ManyKeys implements RowGenerator {
  private static final long KEYS = Long.getLong("keys", 100_000_000L);
  private static final int PRICE_BITS = 20;

  /** The bid at this index, in a fresh object. */
  public static Bid bid(long index) {
    Bid bid = new Bid();
    bid.ts = Gen.baseTs(index);
    long mixed = KeyHash.mix(index);
    bid.auction = auction(mixed);
    bid.price = price(mixed);
    return bid;
  }

  private static long auction(long mixed) {
    return (mixed >>> 1) % KEYS;
  }

  private static long price(long mixed) {
    return mixed >>> (Long.SIZE - PRICE_BITS);
  }

  @Override
  public void progress(int subtask, long emitted) {
    Meter.progress(subtask, emitted);
  }

  @Override
  public void fill(long first, long step, int rows, GeneratedColumns target) {
    long[] times = target.timestamps();
    long[] kind = target.longs("kind");
    long[] auction = target.longs("auction");
    long[] price = target.longs("price");
    long index = first;
    for (int row = 0; row < rows; row++, index += step) {
      long mixed = KeyHash.mix(index);
      times[row] = Gen.baseTs(index);
      kind[row] = Queries.BID;
      auction[row] = auction(mixed);
      price[row] = price(mixed);
    }
  }
}
