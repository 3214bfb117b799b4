package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.error.NearestName;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.StateSerializer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands for an aggregate function that is registered under a name, until an {@link
 * AggregateCatalogue} puts the function in its place. One that stays cannot be computed: the check
 * of types says that there is no function of the name. Equal to others of the name.
 */
public final class NamedAggregate implements AggregateFunction<Object> {
  private final String name;
  private final List<String> known;

  /** The function of this name. */
  public NamedAggregate(String name) {
    this(name, List.of());
  }

  /**
   * A name that was not found.
   *
   * @param known the names that there are
   */
  NamedAggregate(String name, List<String> known) {
    this.name = name;
    this.known = List.copyOf(known);
  }

  @Override
  public String name() {
    return name;
  }

  private IllegalArgumentException missing() {
    return new IllegalArgumentException(
        "no aggregate function '"
            + name
            + "' is registered"
            + (known.isEmpty()
                ? ""
                : "; " + NearestName.remedy(name, known, "registered functions are")));
  }

  @Override
  public DataType resultType(DataType input) {
    throw missing();
  }

  @Override
  public Object create() {
    throw missing();
  }

  @Override
  public Object accumulate(Object accumulator, @Nullable Object value) {
    throw missing();
  }

  @Override
  public Object merge(Object left, Object right) {
    throw missing();
  }

  @Override
  public @Nullable Object result(Object accumulator) {
    throw missing();
  }

  @Override
  public StateSerializer<Object> serializer() {
    throw missing();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NamedAggregate named && named.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
