package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.code.JavaTypes;
import io.fluxcore.domain.code.UserAggregate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All values of a group as a list, nulls included, in the order in which they came; those that came
 * by different ways before an exchange have none. A value that is taken back is the last one that
 * is equal. Null for none. What SQL makes of {@code ARRAY_AGG} and {@code LISTAGG}.
 */
public final class ListOfValues implements UserAggregate<List<Object>, List<Object>> {
  /** It has no settings. */
  public ListOfValues() {}

  @Override
  public List<Object> createAccumulator() {
    return new ArrayList<>();
  }

  @Override
  @SuppressWarnings("NullAway") // no values, no list
  public List<Object> getValue(List<Object> values) {
    return values.isEmpty() ? null : values;
  }

  @Override
  public List<Object> merge(List<Object> left, List<Object> right) {
    left.addAll(right);
    return left;
  }

  /** Adds a value. */
  public void accumulate(List<@Nullable Object> values, @Nullable Object value) {
    values.add(plain(value));
  }

  /** Takes a value back. */
  public void retract(List<@Nullable Object> values, @Nullable Object value) {
    int at = values.lastIndexOf(plain(value));
    if (at >= 0) {
      values.remove(at);
    }
  }

  /** As it is within a list, so that it is found again after a restart. */
  private static @Nullable Object plain(@Nullable Object value) {
    Object list = JavaTypes.toValue(Collections.singletonList(value));
    return list instanceof List<?> values ? values.get(0) : null;
  }
}
