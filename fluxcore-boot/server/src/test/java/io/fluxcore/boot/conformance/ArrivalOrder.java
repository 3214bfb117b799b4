package io.fluxcore.boot.conformance;

import io.fluxcore.domain.aggregate.AggregateFunction;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.StateSerializer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.TreeSet;

/**
 * Joins texts in the order of their arrival, which is written before each of them, so that the
 * result does not depend on how the engine split the rows.
 *
 * @param initial what the result begins with
 * @param separator before each text
 */
record ArrivalOrder(String initial, String separator)
    implements AggregateFunction<TreeSet<String>> {

  /** A text with its arrival, as the aggregate takes it. */
  static String numbered(int arrival, String text) {
    return String.format(java.util.Locale.ROOT, "%09d", arrival) + text;
  }

  private static String text(String numbered) {
    return numbered.substring(9);
  }

  @Override
  public String name() {
    return "concat";
  }

  @Override
  public DataType resultType(DataType input) {
    return DataType.STRING;
  }

  @Override
  public TreeSet<String> create() {
    return new TreeSet<>();
  }

  @Override
  public TreeSet<String> accumulate(TreeSet<String> accumulator, Object value) {
    if (value != null) {
      accumulator.add((String) value);
    }
    return accumulator;
  }

  @Override
  public TreeSet<String> merge(TreeSet<String> left, TreeSet<String> right) {
    left.addAll(right);
    return left;
  }

  @Override
  public Object result(TreeSet<String> accumulator) {
    StringBuilder result = new StringBuilder(initial);
    accumulator.forEach(numbered -> result.append(separator).append(text(numbered)));
    return result.toString();
  }

  @Override
  public StateSerializer<TreeSet<String>> serializer() {
    return new Serializer();
  }

  private static final class Serializer implements StateSerializer<TreeSet<String>> {
    @Override
    public String id() {
      return "conformance-concat";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public void write(TreeSet<String> value, DataOutput out) throws IOException {
      out.writeInt(value.size());
      for (String text : value) {
        out.writeUTF(text);
      }
    }

    @Override
    public TreeSet<String> read(DataInput in, int version) throws IOException {
      TreeSet<String> value = new TreeSet<>();
      for (int i = in.readInt(); i > 0; i--) {
        value.add(in.readUTF());
      }
      return value;
    }
  }
}
