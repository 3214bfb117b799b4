package io.fluxcore.boot.conformance;

import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.TreeSet;

/** The different numbers of a field, ascending, as text. */
record Elements() implements AggregateFunction<TreeSet<Long>> {
  @Override
  public String name() {
    return "elements";
  }

  @Override
  public DataType resultType(DataType input) {
    return DataType.STRING;
  }

  @Override
  public TreeSet<Long> create() {
    return new TreeSet<>();
  }

  @Override
  public TreeSet<Long> accumulate(TreeSet<Long> accumulator, Object value) {
    if (value != null) {
      accumulator.add((Long) value);
    }
    return accumulator;
  }

  @Override
  public TreeSet<Long> merge(TreeSet<Long> left, TreeSet<Long> right) {
    left.addAll(right);
    return left;
  }

  @Override
  public Object result(TreeSet<Long> accumulator) {
    return accumulator.toString();
  }

  @Override
  public StateSerializer<TreeSet<Long>> serializer() {
    return new Serializer();
  }

  private static final class Serializer implements StateSerializer<TreeSet<Long>> {
    @Override
    public String id() {
      return "conformance-elements";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public void write(TreeSet<Long> value, DataOutput out) throws IOException {
      out.writeInt(value.size());
      for (long element : value) {
        out.writeLong(element);
      }
    }

    @Override
    public TreeSet<Long> read(DataInput in, int version) throws IOException {
      TreeSet<Long> value = new TreeSet<>();
      for (int i = in.readInt(); i > 0; i--) {
        value.add(in.readLong());
      }
      return value;
    }
  }
}
