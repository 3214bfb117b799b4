package io.fluxcore.adapters.in.generator;

import io.fluxcore.adapters.in.generator.FieldGenerator.Kernel;
import io.fluxcore.domain.event.Column;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.DecimalColumn;
import io.fluxcore.domain.event.DoubleColumn;
import io.fluxcore.domain.event.EventBatchBuilder;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.LongColumn;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.StringColumn;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The ways to make values, as loops over arrays. */
final class Kernels {
  /** Up to here a set of strings travels as the dictionary of each batch. */
  private static final int MAX_DICTIONARY = 4096;

  private Kernels() {}

  static Kernel sequence(long start, long step) {
    return (indexes, micros, count, nulls) -> {
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = start + indexes[i] * step;
      }
      return new LongColumn(DataType.LONG, count, values, nulls);
    };
  }

  static Kernel time(DataType type) {
    return (indexes, micros, count, nulls) ->
        new LongColumn(type, count, Arrays.copyOf(micros, count), nulls);
  }

  static Kernel uniformLong(Mixer mixer, long min, long max) {
    long bound = max - min + 1;
    return (indexes, micros, count, nulls) ->
        new LongColumn(DataType.LONG, count, uniform(mixer, indexes, count, min, bound), nulls);
  }

  static Kernel uniformDecimal(Mixer mixer, DataType type, long min, long max) {
    long bound = max - min + 1;
    return (indexes, micros, count, nulls) ->
        DecimalColumn.compact(type, count, uniform(mixer, indexes, count, min, bound), nulls);
  }

  private static long[] uniform(Mixer mixer, long[] indexes, int count, long min, long bound) {
    long[] values = new long[count];
    for (int i = 0; i < count; i++) {
      values[i] = min + Mixer.below(mixer.bits(indexes[i]), bound);
    }
    return values;
  }

  static Kernel uniformDouble(Mixer mixer, double min, double max) {
    double width = max - min;
    return (indexes, micros, count, nulls) -> {
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        values[i] = min + mixer.fraction(indexes[i]) * width;
      }
      return new DoubleColumn(count, values, nulls);
    };
  }

  /** The rank of a key, 0 the most frequent. */
  static Kernel rank(Mixer mixer, AliasTable table) {
    return (indexes, micros, count, nulls) -> {
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = table.sample(mixer.bits(indexes[i]));
      }
      return new LongColumn(DataType.LONG, count, values, nulls);
    };
  }

  static Kernel strings(Mixer mixer, AliasTable table, String[] strings) {
    if (strings.length <= MAX_DICTIONARY) {
      return (indexes, micros, count, nulls) -> {
        int[] codes = new int[count];
        for (int i = 0; i < count; i++) {
          codes[i] = table.sample(mixer.bits(indexes[i]));
        }
        return StringColumn.ofDictionary(count, codes, strings, nulls);
      };
    }
    return (indexes, micros, count, nulls) -> {
      @Nullable String[] values = new @Nullable String[count];
      for (int i = 0; i < count; i++) {
        values[i] = strings[table.sample(mixer.bits(indexes[i]))];
      }
      return StringColumn.of(count, values, nulls);
    };
  }

  /** A choice of values of any type, gathered from a column that holds each once. */
  static Kernel choice(Mixer mixer, AliasTable table, DataType type, Object[] choices) {
    EventBatchBuilder builder =
        new EventBatchBuilder(Schema.of(new Field("choice", type)), choices.length);
    for (Object choice : choices) {
      builder.row(0, choice);
    }
    Column all = builder.build().column(0);
    return (indexes, micros, count, nulls) -> {
      int[] rows = new int[count];
      for (int i = 0; i < count; i++) {
        rows[i] =
            nulls != null && (nulls[i >>> 6] & 1L << i) != 0
                ? -1
                : table.sample(mixer.bits(indexes[i]));
      }
      return all.gather(rows, count);
    };
  }
}
