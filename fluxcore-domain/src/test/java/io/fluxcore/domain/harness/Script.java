package io.fluxcore.domain.harness;

import io.fluxcore.domain.event.RowKind;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline is fed: rows, watermarks, processing-time ticks and flushes, in an order. How
 * rows are cut into batches and dealt to partitions is up to the {@link Mode}; a control element
 * comes after the rows before it in every mode. Immutable.
 */
public final class Script {
  /** One step. */
  public sealed interface Element {}

  /**
   * A row of an input.
   *
   * @param input 0 unless the pipeline has several
   * @param values of {@link io.fluxcore.domain.event.Values}' classes, in the schema's order
   */
  public record Row(int input, RowKind kind, long timestamp, List<@Nullable Object> values)
      implements Element {}

  /** The end of a batch under {@link Batching#AS_WRITTEN}; a quiet point in every mode. */
  public record Cut() implements Element {}

  /** A watermark of every source partition. */
  public record Watermark(long time) implements Element {}

  /** The clock of every stage. */
  public record ProcessingTime(long millis) implements Element {}

  /** Every stage emits what it holds for batching. */
  public record Flush() implements Element {}

  private final List<Schema> inputs;
  private final List<Element> elements;
  private final boolean bounded;

  private Script(List<Schema> inputs, List<Element> elements, boolean bounded) {
    this.inputs = List.copyOf(inputs);
    this.elements = List.copyOf(elements);
    this.bounded = bounded;
  }

  /** A script for inputs of these schemas. */
  public static Builder of(Schema... inputs) {
    return new Builder(List.of(inputs));
  }

  public List<Element> elements() {
    return elements;
  }

  public Schema schema(int input) {
    return inputs.get(input);
  }

  public int inputs() {
    return inputs.size();
  }

  /** Whether the watermark {@link Long#MAX_VALUE} and the end of input come last. */
  public boolean isBounded() {
    return bounded;
  }

  /** Collects elements. Not thread-safe. */
  public static final class Builder {
    private final List<Schema> inputs;
    private final List<Element> elements = new ArrayList<>();

    private Builder(List<Schema> inputs) {
      this.inputs = inputs;
    }

    /** An insertion on input 0. */
    public Builder row(long timestamp, @Nullable Object... values) {
      return row(0, RowKind.INSERT, timestamp, values);
    }

    public Builder row(int input, RowKind kind, long timestamp, @Nullable Object... values) {
      if (values.length != inputs.get(input).size()) {
        throw new IllegalArgumentException(values.length + " values for " + inputs.get(input));
      }
      List<@Nullable Object> copy = new ArrayList<>();
      Collections.addAll(copy, values);
      elements.add(new Row(input, kind, timestamp, copy));
      return this;
    }

    public Builder cut() {
      elements.add(new Cut());
      return this;
    }

    public Builder watermark(long time) {
      elements.add(new Watermark(time));
      return this;
    }

    public Builder processingTime(long millis) {
      elements.add(new ProcessingTime(millis));
      return this;
    }

    public Builder flush() {
      elements.add(new Flush());
      return this;
    }

    /** The script, with the end of input after its last element. */
    public Script end() {
      return new Script(inputs, elements, true);
    }

    /** The script without an end of input. */
    public Script open() {
      return new Script(inputs, elements, false);
    }
  }
}
