package io.fluxcore.adapters.in.generator;

import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.NullBits;
import org.jspecify.annotations.Nullable;

/** Makes the values of one field. Immutable and thread-safe. */
final class FieldGenerator {
  private final Field field;
  private final Kernel kernel;
  private final Mixer nulls;
  private final double nullFraction;

  /** The values themselves, without nulls. */
  @FunctionalInterface
  interface Kernel {
    /**
     * The column of these events.
     *
     * @param indexes of the events; the first {@code count} count
     * @param micros their times
     * @param nulls bits that the column is to have
     */
    Column column(long[] indexes, long[] micros, int count, long @Nullable [] nulls);
  }

  FieldGenerator(Field field, Kernel kernel, Mixer nulls, double nullFraction) {
    this.field = field;
    this.kernel = kernel;
    this.nulls = nulls;
    this.nullFraction = nullFraction;
  }

  Field field() {
    return field;
  }

  Column column(long[] indexes, long[] micros, int count) {
    long[] bits = null;
    if (nullFraction > 0) {
      for (int i = 0; i < count; i++) {
        if (nulls.fraction(indexes[i]) < nullFraction) {
          if (bits == null) {
            bits = NullBits.create(count);
          }
          NullBits.set(bits, i);
        }
      }
    }
    return kernel.column(indexes, micros, count, bits);
  }
}
