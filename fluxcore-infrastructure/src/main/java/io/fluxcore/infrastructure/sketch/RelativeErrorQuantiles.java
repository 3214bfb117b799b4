package io.fluxcore.infrastructure.sketch;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import com.datadoghq.sketch.ddsketch.mapping.LogarithmicMapping;
import com.datadoghq.sketch.ddsketch.store.CollapsingLowestDenseStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import io.fluxcore.domain.aggregate.QuantileSketch;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The values themselves while they are few, then a DDSketch (Masson, Rim, Lee, VLDB 2019): numbers
 * of values by the logarithm of the value. At most {@link #MAX_BINS} of them for each sign, which
 * span 35 decades; where the values of a group span more, the smallest are taken for larger ones.
 * Infinities are counted apart.
 */
final class RelativeErrorQuantiles implements QuantileSketch {
  private static final int MAX_BINS = 4096;
  private static final int FEW = 8;
  private static final LogarithmicMapping MAPPING = new LogarithmicMapping(RELATIVE_ERROR);

  private double[] values = new double[FEW];
  private int size;
  private @Nullable DDSketch sketch;
  private long lowest;
  private long highest;

  /** What it takes on the heap, about. */
  long estimatedBytes() {
    DDSketch known = sketch;
    return known == null
        ? 8L * values.length
        : bytes(known.getPositiveValueStore()) + bytes(known.getNegativeValueStore());
  }

  private static long bytes(Store bins) {
    return bins.isEmpty() ? 0 : 8L * (bins.getMaxIndex() - bins.getMinIndex() + 1);
  }

  private static DDSketch newSketch() {
    return new DDSketch(MAPPING, () -> new CollapsingLowestDenseStore(MAX_BINS));
  }

  @Override
  public void add(double value) {
    if (Double.isNaN(value)) {
      return;
    }
    if (sketch != null) {
      addTo(sketch, value, 1);
      return;
    }
    if (size == EXACT_VALUES) {
      addTo(toSketch(), value, 1);
      return;
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.min(EXACT_VALUES, 2 * size));
    }
    values[size++] = value;
  }

  @Override
  public void add(double value, long times) {
    if (sketch == null && times <= EXACT_VALUES - size) {
      for (long i = 0; i < times; i++) {
        add(value);
      }
    } else if (!Double.isNaN(value)) {
      addTo(sketch == null ? toSketch() : sketch, value, times);
    }
  }

  private void addTo(DDSketch target, double value, long times) {
    if (value == Double.NEGATIVE_INFINITY) {
      lowest += times;
    } else if (value == Double.POSITIVE_INFINITY) {
      highest += times;
    } else {
      double largest = MAPPING.maxIndexableValue();
      target.accept(Math.max(-largest, Math.min(largest, value)), (double) times);
    }
  }

  private DDSketch toSketch() {
    DDSketch target = newSketch();
    sketch = target;
    for (int i = 0; i < size; i++) {
      addTo(target, values[i], 1);
    }
    values = new double[0];
    size = 0;
    return target;
  }

  @Override
  public void merge(QuantileSketch other) {
    RelativeErrorQuantiles theirs = (RelativeErrorQuantiles) other;
    if (theirs.sketch == null) {
      for (int i = 0; i < theirs.size; i++) {
        add(theirs.values[i]);
      }
      return;
    }
    DDSketch mine = sketch == null ? toSketch() : sketch;
    mine.mergeWith(theirs.sketch);
    lowest += theirs.lowest;
    highest += theirs.highest;
  }

  @Override
  public long count() {
    return sketch == null ? size : finite(sketch) + lowest + highest;
  }

  private static long finite(DDSketch sketch) {
    return (long) sketch.getCount();
  }

  @Override
  public double quantile(double fraction) {
    long count = count();
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.max(0, Math.min(count, (long) Math.ceil(fraction * count)) - 1);
    DDSketch estimates = sketch;
    if (estimates == null) {
      Arrays.sort(values, 0, size);
      return values[(int) rank];
    }
    long inside = rank - lowest;
    long finite = finite(estimates);
    if (inside < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    return inside >= finite ? Double.POSITIVE_INFINITY : atRank(estimates, inside, finite);
  }

  /**
   * The sketch is asked in the middle between two ranks, so that no rounding moves it to another.
   */
  private static double atRank(DDSketch sketch, long rank, long count) {
    double fraction = count == 1 ? 0 : Math.min(1, (rank + 0.5) / (count - 1));
    return sketch.getValueAtQuantile(fraction);
  }

  /**
   * u8 0, i32 number of values and the values; or u8 1, both counts of infinities and the sketch.
   */
  void write(DataOutput out) throws IOException {
    DDSketch known = sketch;
    out.writeByte(known == null ? 0 : 1);
    if (known == null) {
      out.writeInt(size);
      for (int i = 0; i < size; i++) {
        out.writeDouble(values[i]);
      }
      return;
    }
    out.writeLong(lowest);
    out.writeLong(highest);
    GrowingByteArrayOutput bytes = GrowingByteArrayOutput.withDefaultInitialCapacity();
    known.encode(bytes, true);
    out.writeInt(bytes.numWrittenBytes());
    out.write(bytes.backingArray(), 0, bytes.numWrittenBytes());
  }

  static RelativeErrorQuantiles read(DataInput in) throws IOException {
    RelativeErrorQuantiles result = new RelativeErrorQuantiles();
    if (in.readByte() == 0) {
      result.size = in.readInt();
      result.values = new double[Math.max(FEW, result.size)];
      for (int i = 0; i < result.size; i++) {
        result.values[i] = in.readDouble();
      }
      return result;
    }
    result.values = new double[0];
    result.lowest = in.readLong();
    result.highest = in.readLong();
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    result.sketch =
        DDSketch.decode(
            ByteArrayInput.wrap(bytes), () -> new CollapsingLowestDenseStore(MAX_BINS), MAPPING);
    return result;
  }
}
