package io.fluxcore.domain.process;

import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.state.StateSerializer;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Declares a state of a keyed process function: its name, how it is written, and how long it lives.
 * Usually a constant of the function. Immutable.
 *
 * @param <S> what the context gives for it
 */
public sealed interface StateDescriptor<S> {
  /**
   * Up to 64 letters, digits, '-' and '_', unique within the function; it names the state in
   * snapshots.
   */
  String name();

  /** Null: that of the function, if it has one. */
  @Nullable TimeToLive timeToLive();

  /** What it is, in a word: value, list, map, reducing, aggregating. */
  String kind();

  static <T> OfValue<T> value(String name, StateSerializer<T> serializer) {
    return new OfValue<>(name, serializer, null);
  }

  static <T> OfList<T> list(String name, StateSerializer<T> serializer) {
    return new OfList<>(name, serializer, null);
  }

  static <K, V> OfMap<K, V> map(String name, ValueType<K> keys, StateSerializer<V> serializer) {
    return new OfMap<>(name, keys, serializer, null);
  }

  static <T> OfReduction<T> reducing(
      String name, StateSerializer<T> serializer, BinaryOperator<T> reducer) {
    return new OfReduction<>(name, serializer, reducer, null);
  }

  static <I, A, O> OfAggregate<I, A, O> aggregating(
      String name, StateSerializer<A> serializer, StateAggregate<I, A, O> aggregate) {
    return new OfAggregate<>(name, serializer, aggregate, null);
  }

  /** One value a key. */
  record OfValue<T>(String name, StateSerializer<T> serializer, @Nullable TimeToLive timeToLive)
      implements StateDescriptor<ValueState<T>> {
    public OfValue<T> withTimeToLive(TimeToLive life) {
      return new OfValue<>(name, serializer, life);
    }

    @Override
    public String kind() {
      return "value";
    }
  }

  /** A list a key. */
  record OfList<T>(String name, StateSerializer<T> serializer, @Nullable TimeToLive timeToLive)
      implements StateDescriptor<ListState<T>> {
    /** Each element lives by itself. */
    public OfList<T> withTimeToLive(TimeToLive life) {
      return new OfList<>(name, serializer, life);
    }

    @Override
    public String kind() {
      return "list";
    }
  }

  /** A map a key. */
  record OfMap<K, V>(
      String name,
      ValueType<K> keys,
      StateSerializer<V> serializer,
      @Nullable TimeToLive timeToLive)
      implements StateDescriptor<MapState<K, V>> {
    /** Each entry lives by itself. */
    public OfMap<K, V> withTimeToLive(TimeToLive life) {
      return new OfMap<>(name, keys, serializer, life);
    }

    @Override
    public String kind() {
      return "map";
    }
  }

  /** One value a key, into which others are folded. */
  record OfReduction<T>(
      String name,
      StateSerializer<T> serializer,
      BinaryOperator<T> reducer,
      @Nullable TimeToLive timeToLive)
      implements StateDescriptor<ReducingState<T>> {
    public OfReduction<T> withTimeToLive(TimeToLive life) {
      return new OfReduction<>(name, serializer, reducer, life);
    }

    @Override
    public String kind() {
      return "reducing";
    }
  }

  /** An accumulator a key. */
  record OfAggregate<I, A, O>(
      String name,
      StateSerializer<A> serializer,
      StateAggregate<I, A, O> aggregate,
      @Nullable TimeToLive timeToLive)
      implements StateDescriptor<AggregatingState<I, O>> {
    public OfAggregate<I, A, O> withTimeToLive(TimeToLive life) {
      return new OfAggregate<>(name, serializer, aggregate, life);
    }

    @Override
    public String kind() {
      return "aggregating";
    }
  }
}
