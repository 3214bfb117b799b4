package io.fluxcore.adapters.in.nexmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The texts that events choose from, and the scale of prices. The same in every process, whatever
 * the seed: which of them an event has is chosen by its own random bits.
 */
final class NexmarkTexts {
  /** Channels, of which the first are hot. */
  static final int CHANNELS = 10_004;

  static final int HOT_CHANNELS = 4;

  private static final int POOL = 256;
  private static final int CARDS = 1024;
  private static final int PRICE_STEPS = 1024;
  private static final int STEP_BITS = 6;
  private static final int LOWEST_PRICE = 100;
  private static final int DECADES_OF_PRICES = 6;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz_";
  private static final SplittableRandom RANDOM = new SplittableRandom(20_080_101);

  /** Up to 1 : 10,000, on a logarithmic scale; exact to the bit on every machine. */
  private static final long[] PRICE =
      IntStream.rangeClosed(0, PRICE_STEPS)
          .mapToLong(
              i ->
                  Math.round(
                      StrictMath.pow(10, (double) i * DECADES_OF_PRICES / PRICE_STEPS)
                          * LOWEST_PRICE))
          .toArray();

  static final String[] STATE = {"AZ", "CA", "ID", "OR", "WA", "WY"};
  static final String[] CITY = {
    "Phoenix",
    "Los Angeles",
    "San Francisco",
    "Boise",
    "Portland",
    "Bend",
    "Redmond",
    "Seattle",
    "Kent",
    "Cheyenne"
  };
  static final String[] NAME = names();
  static final String[] EMAIL = pool(CARDS, () -> word(3, 7) + "@" + word(3, 5) + ".com");
  static final String[] CARD = pool(CARDS, NexmarkTexts::card);
  static final String[] ITEM = pool(POOL, () -> word(3, 20));
  static final String[] DESCRIPTION = pool(POOL, () -> word(3, 100));
  static final String[] EXTRA = pool(POOL, () -> word(40, 90));
  static final String[] CHANNEL = new String[CHANNELS];
  static final String[] URL = new String[CHANNELS];

  static {
    String[] hot = {"Google", "Facebook", "Baidu", "Apple"};
    for (int i = 0; i < CHANNELS; i++) {
      String url = "https://www.nexmark.com/" + word(5, 5) + '/' + word(5, 5) + '/' + word(5, 5);
      boolean isHot = i < HOT_CHANNELS;
      CHANNEL[i] = isHot ? hot[i] : "channel-" + (i - HOT_CHANNELS);
      // one in ten of the others has no number, as in nexmark/nexmark
      URL[i] =
          url
              + "/item.htm?query=1"
              + (isHot || i % 10 == 0 ? "" : "&channel_id=" + Math.abs(Integer.reverse(i)));
    }
  }

  private NexmarkTexts() {}

  /** The price of 16 random bits. */
  static long price(int bits) {
    int step = (bits & 0xFFFF) >>> STEP_BITS;
    int part = bits & ((1 << STEP_BITS) - 1);
    return PRICE[step] + (((PRICE[step + 1] - PRICE[step]) * part) >>> STEP_BITS);
  }

  private static String[] pool(int size, java.util.function.Supplier<String> text) {
    String[] pool = new String[size];
    Arrays.setAll(pool, i -> text.get());
    return pool;
  }

  private static String word(int shortest, int longest) {
    int length = shortest + RANDOM.nextInt(longest - shortest + 1);
    StringBuilder word = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      word.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return word.toString();
  }

  private static String card() {
    return String.format(
        Locale.ROOT,
        "%04d %04d %04d %04d",
        RANDOM.nextInt(10_000),
        RANDOM.nextInt(10_000),
        RANDOM.nextInt(10_000),
        RANDOM.nextInt(10_000));
  }

  private static String[] names() {
    String[] first = {
      "Peter", "Paul", "Luke", "John", "Saul", "Vicky", "Kate", "Julie", "Sarah", "Deiter", "Walter"
    };
    String[] last = {
      "Shultz", "Abrams", "Spencer", "White", "Bartels", "Walton", "Smith", "Jones", "Noris"
    };
    String[] names = new String[first.length * last.length];
    Arrays.setAll(names, i -> first[i % first.length] + " " + last[i / first.length]);
    return names;
  }
}
