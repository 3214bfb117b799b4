package io.fluxcore.benchmarks.peer;

import io.fluxcore.benchmarks.GeneratedColumns;
import io.fluxcore.benchmarks.RowGenerator;
import io.fluxcore.domain.key.KeyHash;
import peers.core.Gen;
import peers.core.Meter;

/** Events of a million keys, of four kinds, for the pattern queries. */
public final class PatternEvents implements RowGenerator {
  /** Rules of the query with many. */
  public static final int RULES = Integer.getInteger("rules", 1_000);

  private static final long KEYS = Long.getLong("keys", 1_000_000L);
  private static final String[] KINDS = {"a", "b", "c", "d"};

  /** One event. */
  public static final class Item {
    public long ts;
    public long key;
    public long category;
    public String kind;
    public long price;
    public long id;
  }

  /** The event at this index. */
  public static Item item(long index) {
    Item item = new Item();
    long mixed = KeyHash.mix(index);
    item.ts = Gen.baseTs(index);
    item.key = key(mixed);
    item.category = item.key % RULES;
    item.kind = kind(mixed);
    item.price = price(mixed);
    item.id = index;
    return item;
  }

  private static long key(long mixed) {
    return (mixed >>> 24) % KEYS;
  }

  private static String kind(long mixed) {
    return KINDS[(int) mixed & 3];
  }

  private static long price(long mixed) {
    return mixed >>> 2 & 0xFFFF;
  }

  @Override
  public void progress(int subtask, long emitted) {
    Meter.progress(subtask, emitted);
  }

  @Override
  public void fill(long first, long step, int rows, GeneratedColumns target) {
    long[] times = target.timestamps();
    long[] keys = target.longs("key");
    long[] categories = target.longs("category");
    String[] kinds = target.strings("kind");
    long[] prices = target.longs("price");
    long[] ids = target.longs("id");
    long index = first;
    for (int row = 0; row < rows; row++, index += step) {
      long mixed = KeyHash.mix(index);
      times[row] = Gen.baseTs(index);
      keys[row] = key(mixed);
      if (categories != null) {
        categories[row] = keys[row] % RULES;
      }
      kinds[row] = kind(mixed);
      prices[row] = price(mixed);
      ids[row] = index;
    }
  }
}
