package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** "Sketches" that keep every value: the reference semantics of the port. */
public final class ExactSketches implements SketchFactory {
  @Override
  public QuantileSketch quantiles() {
    return new Values();
  }

  @Override
  public DistinctSketch distinct() {
    return new Texts();
  }

  private static final class Values implements QuantileSketch {
    private final List<Double> values = new ArrayList<>();

    @Override
    public void add(double value) {
      if (!Double.isNaN(value)) {
        values.add(value);
      }
    }

    @Override
    public void add(double value, long times) {
      for (long i = 0; i < times; i++) {
        add(value);
      }
    }

    @Override
    public void merge(QuantileSketch other) {
      values.addAll(((Values) other).values);
    }

    @Override
    public long count() {
      return values.size();
    }

    @Override
    public double quantile(double fraction) {
      if (values.isEmpty()) {
        return Double.NaN;
      }
      Collections.sort(values);
      int rank = (int) Math.ceil(fraction * values.size());
      return values.get(Math.max(1, Math.min(values.size(), rank)) - 1);
    }
  }

  private static final class Texts implements DistinctSketch {
    private final Set<String> texts = new TreeSet<>();

    @Override
    public void add(long value) {
      texts.add("l" + value);
    }

    @Override
    public void add(String value) {
      texts.add("s" + value);
    }

    @Override
    public void add(byte[] value) {
      texts.add("b" + java.util.Arrays.toString(value));
    }

    @Override
    public void merge(DistinctSketch other) {
      texts.addAll(((Texts) other).texts);
    }

    @Override
    public long estimate() {
      return texts.size();
    }
  }

  @Override
  public StateSerializer<QuantileSketch> quantileSerializer() {
    return new StateSerializer<>() {
      @Override
      public String id() {
        return "quantiles:exact";
      }

      @Override
      public int version() {
        return 1;
      }

      @Override
      public void write(QuantileSketch sketch, DataOutput out) throws IOException {
        List<Double> values = ((Values) sketch).values;
        out.writeInt(values.size());
        for (double value : values) {
          out.writeDouble(value);
        }
      }

      @Override
      public QuantileSketch read(DataInput in, int version) throws IOException {
        Values sketch = new Values();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
          sketch.values.add(in.readDouble());
        }
        return sketch;
      }
    };
  }

  @Override
  public StateSerializer<DistinctSketch> distinctSerializer() {
    return new StateSerializer<>() {
      @Override
      public String id() {
        return "distinct:exact";
      }

      @Override
      public int version() {
        return 1;
      }

      @Override
      public void write(DistinctSketch sketch, DataOutput out) throws IOException {
        Set<String> texts = ((Texts) sketch).texts;
        out.writeInt(texts.size());
        for (String text : texts) {
          out.writeUTF(text);
        }
      }

      @Override
      public DistinctSketch read(DataInput in, int version) throws IOException {
        Texts sketch = new Texts();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
          sketch.texts.add(in.readUTF());
        }
        return sketch;
      }
    };
  }
}
