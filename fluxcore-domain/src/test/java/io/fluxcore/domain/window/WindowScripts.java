package io.fluxcore.domain.window;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.harness.Script;
import java.math.BigDecimal;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Seeded random input for windows. */
final class WindowScripts {
  static final Schema SCHEMA =
      Schema.builder()
          .field("user", DataType.LONG)
          .field("page", DataType.STRING)
          .field("hits", DataType.LONG)
          .field("ratio", DataType.DOUBLE)
          .field("price", DataType.decimal(10, 2))
          .field("raw", DataType.BYTES)
          .build();

  private final Random random;
  private final int users;
  private final int pages;
  private boolean nulls = true;

  WindowScripts(long seed, int users, int pages) {
    this.random = new Random(seed);
    this.users = users;
    this.pages = pages;
  }

  WindowScripts withoutNulls() {
    nulls = false;
    return this;
  }

  /** Values of a row, one in eight of them null. */
  Object[] values() {
    return new Object[] {
      orNull((long) random.nextInt(users)),
      orNull("page " + random.nextInt(pages)),
      orNull((long) random.nextInt(2_000) - 1_000),
      orNull(random.nextInt(4_000) * 0.25 - 500),
      orNull(BigDecimal.valueOf(random.nextInt(200_000) - 100_000L, 2)),
      orNull(new byte[] {(byte) random.nextInt(3), (byte) random.nextInt()})
    };
  }

  private @Nullable Object orNull(Object value) {
    return nulls && random.nextInt(8) == 0 ? null : value;
  }

  /**
   * Rows whose times go up by fits and starts from a base, and watermarks behind them.
   *
   * @param disorder how far a row may lie behind the largest time so far
   * @param lateness how much of that the watermarks do not wait for: 0 for no late rows
   */
  Script eventTime(int rows, long base, long step, long disorder, long lateness) {
    Script.Builder script = Script.of(SCHEMA);
    long largest = base;
    long watermark = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      largest += random.nextInt(10) == 0 ? random.nextLong(step * 12) : random.nextLong(step * 2);
      script.row(largest - random.nextLong(disorder + 1), values());
      if (random.nextInt(6) == 0) {
        script.cut();
      }
      if (random.nextInt(9) == 0) {
        long next = largest - disorder - 1 + lateness;
        if (next > watermark) {
          watermark = next;
          script.watermark(next);
        }
      }
    }
    return script.end();
  }

  /** As {@link #eventTime}, and ticks of the clock. */
  Script bothTimes(int rows, long base, long step, long disorder, long lateness) {
    Script.Builder script = Script.of(SCHEMA).processingTime(base);
    long largest = base;
    long now = base;
    long watermark = Long.MIN_VALUE;
    for (int i = 0; i < rows; i++) {
      largest += random.nextInt(10) == 0 ? random.nextLong(step * 12) : random.nextLong(step * 2);
      script.row(largest - random.nextLong(disorder + 1), values());
      switch (random.nextInt(6)) {
        case 0 -> {
          watermark = Math.max(watermark + 1, largest - disorder - 1 + lateness);
          script.watermark(watermark);
        }
        case 1 -> {
          now += random.nextLong(step * 8);
          script.processingTime(now);
        }
        case 2 -> script.cut();
        default -> {}
      }
    }
    return script.end();
  }

  /** Rows and ticks of the clock. */
  Script processingTime(int rows, long base, long step) {
    Script.Builder script = Script.of(SCHEMA).processingTime(base);
    long now = base;
    for (int i = 0; i < rows; i++) {
      script.row(random.nextLong(), values());
      if (random.nextInt(5) == 0) {
        now += random.nextLong(step * 5);
        script.processingTime(now);
      }
    }
    return script.end();
  }
}
