package io.fluxcore.adapters.in.nexmark;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.NullBits;
import io.fluxcore.domain.event.StringColumn;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A batch of events: which they are, and what their fields are computed from. Each event has 128
 * random bits of its own, of which each field takes its part. Not thread-safe.
 *
 * <p>As in nexmark/nexmark: half of the bids are on the newest hundredth auction and the others on
 * one of the last 100 or of 10 that are not there yet; three quarters of the bidders and sellers
 * are the newest hundredth person and the others one of the last 1,000 or of 10 that are not there
 * yet; half of the channels are one of four, the others one of 10,000; prices are spread evenly on
 * a logarithmic scale.
 */
final class NexmarkEvents {
  static final int PERSON = 0;
  static final int AUCTION = 1;
  static final int BID = 2;

  /** Of so many events the first is a person, and the next three are auctions. */
  private static final int EPOCH = 50;

  private static final int AUCTIONS = 3;
  private static final long FIRST_ID = 1000;
  private static final long FIRST_CATEGORY = 10;
  private static final int CATEGORIES = 5;
  private static final int OPEN_AUCTIONS = 100;
  private static final int ACTIVE_PERSONS = 1000;
  private static final int NOT_YET = 10;
  private static final int HOT = 100;
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final NexmarkTimes times;
  private final long salt;
  private int rows;
  private int[] kinds = {};
  private long[] indexes = {};
  private long[] millis = {};
  private long[] low = {};
  private long[] high = {};

  NexmarkEvents(NexmarkTimes times, long seed) {
    this.times = times;
    this.salt = mix(seed + GAMMA);
  }

  /** Makes the events {@code first, first + step, …}, in place of those before. */
  void make(long first, int step, int count) {
    rows = count;
    if (kinds.length < count) {
      kinds = new int[count];
      indexes = new long[count];
      low = new long[count];
      high = new long[count];
    }
    millis = new long[count]; // leaves with the batch
    for (int i = 0; i < count; i++) {
      long index = first + (long) i * step;
      int place = (int) (index % EPOCH);
      kinds[i] = place > AUCTIONS ? BID : place > 0 ? AUCTION : PERSON;
      indexes[i] = index;
      low[i] = mix(salt + index * GAMMA);
      high[i] = mix(low[i] + GAMMA);
      millis[i] = times.millis(index, mix(high[i] ^ salt));
    }
  }

  /** When they happen, milliseconds since the epoch. */
  long[] times() {
    return millis;
  }

  // columns

  private long @Nullable [] nulls(int kind) {
    if (kind < 0) {
      return null;
    }
    long[] nulls = NullBits.create(rows);
    for (int i = 0; i < rows; i++) {
      if (kinds[i] != kind) {
        NullBits.set(nulls, i);
      }
    }
    return nulls;
  }

  /** A number of the events of a kind, null of others; of all, if the kind is negative. */
  Column numbers(DataType type, int kind, IntToLongFunction value) {
    long[] values = new long[rows];
    for (int i = 0; i < rows; i++) {
      if (kind < 0 || kinds[i] == kind) {
        values[i] = value.applyAsLong(i);
      }
    }
    return new LongColumn(type, rows, values, nulls(kind));
  }

  /** A text of the events of a kind, by its number among all of them. */
  Column texts(int kind, String[] all, IntUnaryOperator number) {
    int[] codes = new int[rows];
    for (int i = 0; i < rows; i++) {
      if (kind < 0 || kinds[i] == kind) {
        codes[i] = number.applyAsInt(i);
      }
    }
    if (all.length <= rows) {
      return StringColumn.ofDictionary(rows, codes, all, nulls(kind));
    }
    @Nullable String[] values = new @Nullable String[rows];
    Arrays.setAll(values, i -> kind < 0 || kinds[i] == kind ? all[codes[i]] : null);
    return StringColumn.of(rows, values, nulls(kind));
  }

  // fields of an event

  long kind(int i) {
    return kinds[i];
  }

  long micros(int i) {
    return millis[i] * 1000;
  }

  /** The number of a person or an auction. */
  Column ids() {
    long[] values = new long[rows];
    long[] nulls = NullBits.create(rows);
    for (int i = 0; i < rows; i++) {
      long epoch = indexes[i] / EPOCH;
      switch (kinds[i]) {
        case PERSON -> values[i] = FIRST_ID + epoch;
        case AUCTION -> values[i] = FIRST_ID + epoch * AUCTIONS + indexes[i] % EPOCH - 1;
        default -> NullBits.set(nulls, i);
      }
    }
    return new LongColumn(DataType.LONG, rows, values, nulls);
  }

  long bidder(int i) {
    long epoch = indexes[i] / EPOCH;
    return FIRST_ID + (isCommon(i) ? activePerson(i) : epoch / HOT * HOT + 1);
  }

  long seller(int i) {
    long epoch = indexes[i] / EPOCH;
    return FIRST_ID + (isCommon(i) ? activePerson(i) : epoch / HOT * HOT);
  }

  /** One in four. */
  private boolean isCommon(int i) {
    return (low[i] & 3) == 0;
  }

  private long activePerson(int i) {
    long persons = indexes[i] / EPOCH + 1;
    long active = Math.min(persons, ACTIVE_PERSONS);
    return persons - active + below(high[i], active + NOT_YET);
  }

  long auction(int i) {
    long last = indexes[i] / EPOCH * AUCTIONS + AUCTIONS - 1;
    if ((low[i] & 4) != 0) {
      return FIRST_ID + last / HOT * HOT;
    }
    long first = Math.max(last - OPEN_AUCTIONS, 0);
    return FIRST_ID + first + below(low[i] >>> 3, last - first + 1 + NOT_YET);
  }

  long price(int i) {
    return NexmarkTexts.price((int) (high[i] >>> 48));
  }

  long reserve(int i) {
    return price(i) + NexmarkTexts.price((int) (low[i] >>> 48));
  }

  long category(int i) {
    return FIRST_CATEGORY + below(low[i] >>> 3, CATEGORIES);
  }

  /** Microseconds. An auction is open for about as long as it takes to open a hundred. */
  long expires(int i) {
    long most = Math.max(1, 2L * OPEN_AUCTIONS * EPOCH / AUCTIONS * 1000 / times.rate());
    return (millis[i] + 1 + below(high[i] >>> 8, most)) * 1000;
  }

  /** A number below a bound, from other bits for each salt. */
  int choice(int i, int salt, int bound) {
    return (int) below(Long.rotateRight(high[i] ^ low[i], salt), bound);
  }

  /** Half of the bids come through one of four channels. */
  int channel(int i) {
    int hot = NexmarkTexts.HOT_CHANNELS;
    return (low[i] & 8) != 0
        ? choice(i, 23, hot)
        : hot + choice(i, 23, NexmarkTexts.CHANNELS - hot);
  }

  /** From 0, inclusive, to a bound below 2^31, exclusive, of 32 bits. */
  static long below(long bits, long bound) {
    return ((bits & 0xFFFFFFFFL) * bound) >>> 32;
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  @Override
  public String toString() {
    return rows + " events from " + Arrays.toString(Arrays.copyOf(indexes, Math.min(rows, 1)));
  }
}
