package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.code.UserAggregate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a group by their keys: of equal keys the one that came last. Null for none. What
 * SQL makes of {@code JSON_OBJECTAGG}.
 */
public final class MapOfValues implements UserAggregate<Map<String, Object>, List<Object>> {
  /** It has no settings. */
  public MapOfValues() {}

  @Override
  public List<Object> createAccumulator() {
    return new ArrayList<>();
  }

  @Override
  @SuppressWarnings("NullAway") // no values, no map; a value of it may be null
  public Map<String, Object> getValue(List<Object> pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Object pair : pairs) {
      List<?> of = (List<?>) pair;
      map.put(String.valueOf(of.get(0)), of.get(1));
    }
    return pairs.isEmpty() ? null : map;
  }

  @Override
  public List<Object> merge(List<Object> left, List<Object> right) {
    left.addAll(right);
    return left;
  }

  /** Adds a value by its key. */
  public void accumulate(List<Object> pairs, Object key, @Nullable Object value) {
    pairs.add(Arrays.asList(key, value));
  }

  /** Takes a value back. */
  public void retract(List<Object> pairs, Object key, @Nullable Object value) {
    int at = pairs.lastIndexOf(Arrays.asList(key, value));
    if (at >= 0) {
      pairs.remove(at);
    }
  }
}
